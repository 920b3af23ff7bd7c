package store

import (
	"encoding/json"
	"errors"
	"time"

	"safar/fault"
)

// DeviceState says whether a device may send.
type DeviceState string

// The states.
const (
	DeviceActive  DeviceState = "active"
	DevicePaused  DeviceState = "paused"
	DeviceRevoked DeviceState = "revoked"
)

// Device is a phone or tablet with its own secret.
type Device struct {
	Operation  string
	ID         string
	Name       string
	SecretHash string // SHA-256 (hex) of the secret
	HA1        []byte // for HTTP Digest; stored encrypted
	State      DeviceState
	Teams      []string
	Areas      []string // p-codes it may see
	Points     []string // flow points it counts at
	CreatedAt  time.Time
	LastSeen   time.Time
	Sends      int64
	Failures   int64
}

// PutDevice adds a device or changes it; the counters of one that is there stay.
func (tx *Tx) PutDevice(d Device) error {
	ha1 := []byte{}
	if len(d.HA1) > 0 {
		var err error
		if ha1, err = tx.seal(d.Operation, "ha1|"+d.Operation+"|"+d.ID, d.HA1); err != nil {
			return err
		}
	}
	lists := make([]string, 3)
	for i, v := range [][]string{d.Teams, d.Areas, d.Points} {
		var err error
		if lists[i], err = toJSON(v); err != nil {
			return err
		}
	}
	if d.CreatedAt.IsZero() {
		d.CreatedAt = tx.now
	}
	return tx.put(`INSERT INTO device (operation, id, name, secret_hash, ha1, state, teams, areas, points, created_at, last_seen, sends, failures)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (operation, id) DO UPDATE SET name = excluded.name,
		secret_hash = excluded.secret_hash, ha1 = excluded.ha1, state = excluded.state, teams = excluded.teams, areas = excluded.areas, points = excluded.points`,
		d.Operation, d.ID, d.Name, d.SecretHash, ha1, string(d.State), lists[0], lists[1], lists[2], micros(d.CreatedAt), micros(d.LastSeen), d.Sends, d.Failures)
}

const deviceColumns = "operation, id, name, secret_hash, ha1, state, teams, areas, points, created_at, last_seen, sends, failures"

func scanDevice(r row) (d Device, err error) {
	var teams, areas, points []byte
	var created, seen int64
	err = r.Scan(&d.Operation, &d.ID, &d.Name, &d.SecretHash, &d.HA1, &d.State, &teams, &areas, &points, &created, &seen, &d.Sends, &d.Failures)
	d.CreatedAt, d.LastSeen = instant(created), instant(seen)
	return d, errors.Join(err, json.Unmarshal(teams, &d.Teams), json.Unmarshal(areas, &d.Areas), json.Unmarshal(points, &d.Points))
}

// opened decrypts what is encrypted of devices.
func (tx *Tx) opened(devices []Device, err error) ([]Device, error) {
	for i := range devices {
		d := &devices[i]
		if err != nil || len(d.HA1) == 0 {
			continue
		}
		d.HA1, err = tx.unseal(d.Operation, "ha1|"+d.Operation+"|"+d.ID, d.HA1)
	}
	return devices, err
}

// DeviceBySecret finds a device, whatever its state, by the SHA-256 (hex) of its secret; fault store.not_found.
func (tx *Tx) DeviceBySecret(hash string) (Device, error) {
	return tx.oneDevice("with this secret", "SELECT "+deviceColumns+" FROM device WHERE secret_hash = $1 LIMIT 1", hash)
}

// Device gives one device; fault store.not_found.
func (tx *Tx) Device(op, id string) (Device, error) {
	return tx.oneDevice(id, "SELECT "+deviceColumns+" FROM device WHERE operation = $1 AND id = $2", op, id)
}

func (tx *Tx) oneDevice(name, text string, args ...any) (Device, error) {
	devices, err := tx.opened(list(tx, scanDevice, text, args...))
	if err == nil && len(devices) == 0 {
		err = fault.New(fault.StoreNotFound, "what", "device", "id", `"`+name+`"`)
	}
	if err != nil {
		return Device{}, err
	}
	return devices[0], nil
}

// Devices lists the devices of an operation by id.
func (tx *Tx) Devices(op string) ([]Device, error) {
	return tx.opened(list(tx, scanDevice, "SELECT "+deviceColumns+" FROM device WHERE operation = $1 ORDER BY id", op))
}

// TouchDevice notes that a device was here, with a send that succeeded or failed.
func (tx *Tx) TouchDevice(op, id string, succeeded bool) error {
	column := "failures"
	if succeeded {
		column = "sends"
	}
	n, err := tx.exec("UPDATE device SET last_seen = $1, "+column+" = "+column+" + 1 WHERE operation = $2 AND id = $3", micros(tx.now), op, id)
	return touched(n, err, "device", id)
}
