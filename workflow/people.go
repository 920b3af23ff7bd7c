package workflow

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"safar/access"
	"safar/fault"
	"safar/place"
	"safar/store"
)

// NewDevice is a device with the secret that is shown once and never kept.
type NewDevice struct {
	store.Device
	Secret string
}

// AddDevice registers a phone for an operation and gives it its secret.
func (w *Workflow) AddDevice(ctx context.Context, actor access.Actor, device store.Device) (NewDevice, error) {
	secret := randomSecret()
	err := w.change(ctx, actor, access.ManageDevices, device.Operation, func(s *Step) error {
		if _, err := s.Tx.Operation(device.Operation); err != nil {
			return err
		}
		device.ID, device.SecretHash, device.State, device.CreatedAt = s.NewID(), access.HashSecret(secret), store.DeviceActive, s.Now()
		if device.Name == "" {
			device.Name = "device-" + device.ID[len(device.ID)-6:]
		}
		if _, err := findDevice(s.Tx, device.Operation, device.Name); err == nil {
			return fault.New(fault.WorkflowDeviceExists, "operation", device.Operation, "name", device.Name)
		} else if fault.KindOf(err) != fault.NotFound {
			return err
		}
		if err := w.knownGround(s.Tx, device); err != nil {
			return err
		}
		if err := s.PutDevice(device); err != nil {
			return err
		}
		return s.Journal("device.added", device.ID, map[string]any{"name": device.Name, "points": device.Points, "areas": device.Areas})
	})
	return NewDevice{device, secret}, err
}

// knownGround refuses areas and points that are in no list: a phone bound to them would show empty lists.
func (w *Workflow) knownGround(tx *store.Tx, device store.Device) error {
	if len(device.Areas)+len(device.Points) == 0 {
		return nil
	}
	op, err := tx.Operation(device.Operation)
	if err != nil {
		return err
	}
	register, err := w.registerIn(tx, op.Country)
	if err != nil {
		return err
	}
	for _, code := range device.Areas {
		if _, ok := register.Area(op.Country, place.Code(code)); !ok {
			return fault.New(fault.WorkflowDeviceArea, "country", op.Country, "code", code)
		}
	}
	for _, id := range device.Points {
		if _, ok := register.Point(id); !ok {
			return fault.New(fault.WorkflowDevicePoint, "country", op.Country, "code", id)
		}
	}
	return nil
}

func randomSecret() string {
	random := make([]byte, 16)
	_, _ = rand.Read(random) // crypto/rand never fails: it ends the program instead
	return access.Secret(random)
}

// SetDeviceState pauses, resumes or revokes a device, named by id or name. A revoked one stays revoked: its secret may be
// in the wrong hands.
func (w *Workflow) SetDeviceState(ctx context.Context, actor access.Actor, operation, named string, state store.DeviceState) (device store.Device, err error) {
	err = w.change(ctx, actor, access.ManageDevices, operation, func(s *Step) error {
		if device, err = findDevice(s.Tx, operation, named); err != nil {
			return err
		}
		if device.State == store.DeviceRevoked && state != store.DeviceRevoked {
			return fault.New(fault.WorkflowDeviceRevoked, "device", device.Name)
		}
		device.State = state
		if err := s.PutDevice(device); err != nil {
			return err
		}
		return s.Journal("device."+string(state), device.ID, nil)
	})
	if err == nil {
		w.forgetCredentials()
	}
	return device, err
}

func findDevice(tx *store.Tx, operation, named string) (store.Device, error) {
	all, err := tx.Devices(operation)
	if err != nil {
		return store.Device{}, err
	}
	for _, d := range all {
		if d.ID == named || strings.EqualFold(d.Name, named) {
			return d, nil
		}
	}
	return store.Device{}, fault.New(fault.WorkflowNoDevice, "operation", operation, "device", named)
}

// Devices lists an operation's devices.
func (w *Workflow) Devices(ctx context.Context, actor access.Actor, operation string) (list []store.Device, err error) {
	err = w.read(ctx, actor, access.ManageDevices, operation, func(tx *store.Tx) error {
		list, err = tx.Devices(operation)
		return err
	})
	return list, err
}

// Authenticate turns a device's secret, from the address or from Basic, into the actor it is. User is "" for a token in
// the address; with Basic it must be the device's id or name. A paused device is known, but may not do anything.
func (w *Workflow) Authenticate(ctx context.Context, user, secret string) (access.Actor, error) {
	hash := access.HashSecret(secret)
	device, err := w.deviceBySecret(ctx, hash)
	if err != nil {
		return access.Actor{}, err
	}
	if user != "" && user != device.ID && !strings.EqualFold(user, device.Name) {
		return access.Actor{}, fault.New(fault.WorkflowNoCredentials)
	}
	switch device.State {
	case store.DeviceActive:
		return access.Actor{Kind: access.Device, ID: device.ID, Name: "device:" + device.ID, Operation: device.Operation}, nil
	case store.DevicePaused:
		return access.Actor{}, fault.New(fault.WorkflowDevicePaused)
	}
	return access.Actor{}, fault.New(fault.WorkflowNoCredentials)
}

// credentialsLife is how long a device that was recognised is not looked up again; pausing and revoking end it at once
// in this process.
const credentialsLife = 10 * time.Minute

type knownDevice struct {
	device store.Device
	until  time.Time
}

func (w *Workflow) deviceBySecret(ctx context.Context, hash string) (store.Device, error) {
	w.mu.Lock()
	known, ok := w.devices[hash]
	forgotten := w.forgotten
	w.mu.Unlock()
	if ok && w.Now().Before(known.until) {
		return known.device, nil
	}
	var device store.Device
	err := w.Store.Read(ctx, func(tx *store.Tx) (err error) {
		device, err = tx.DeviceBySecret(hash)
		return err
	})
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return device, fault.New(fault.WorkflowNoCredentials)
		}
		return device, err
	}
	w.mu.Lock()
	if w.forgotten == forgotten { // a device that was revoked while it was looked up is not remembered
		w.devices[hash] = knownDevice{device, w.Now().Add(credentialsLife)}
	}
	w.mu.Unlock()
	return device, nil
}

func (w *Workflow) forgetCredentials() {
	w.mu.Lock()
	clear(w.devices)
	w.forgotten++
	w.mu.Unlock()
}

// Roles are those that a person can have, in the order they are offered.
func Roles() []access.Role {
	return []access.Role{access.Administrator, access.Officer, access.Steward, access.Viewer, access.Collector}
}

// AddPerson makes an account; without a password a random one is made and returned, to be changed at first use.
func (w *Workflow) AddPerson(ctx context.Context, actor access.Actor, name, password string, role access.Role) (string, error) {
	if err := validRole(role); err != nil {
		return "", err
	}
	password, hash, err := newPassword(password)
	if err != nil {
		return "", err
	}
	return password, w.change(ctx, actor, access.ManagePeople, "", func(s *Step) error {
		return s.addPerson(name, hash, role)
	})
}

func (s *Step) addPerson(name, passwordHash string, role access.Role) error {
	if _, err := s.PersonByName(name); err == nil {
		return fault.New(fault.WorkflowPersonExists, "name", name)
	} else if fault.KindOf(err) != fault.NotFound {
		return err
	}
	person := store.Person{ID: s.NewID(), Name: name, PasswordHash: passwordHash, Role: role, State: "active"}
	if err := s.PutPerson(person); err != nil {
		return err
	}
	return s.Journal("person.added", person.ID, map[string]any{"role": role})
}

func validRole(role access.Role) error {
	all := Roles()
	names := make([]string, len(all))
	for i, known := range all {
		if role == known {
			return nil
		}
		names[i] = string(known)
	}
	return fault.New(fault.WorkflowRole, "role", string(role), "roles", strings.Join(names, ", "))
}

func newPassword(password string) (clear, hash string, err error) {
	if password == "" {
		password = randomSecret()
	}
	if len([]rune(password)) < access.MinPassword {
		return "", "", fault.New(fault.WorkflowPassword)
	}
	salt := make([]byte, 16)
	_, _ = rand.Read(salt)
	return password, access.HashPassword(password, salt), nil
}

// ResetPassword gives a person a new password: the one named, or a random one.
func (w *Workflow) ResetPassword(ctx context.Context, actor access.Actor, name, password string) (string, error) {
	password, hash, err := newPassword(password)
	if err != nil {
		return "", err
	}
	return password, w.change(ctx, actor, access.ManagePeople, "", func(s *Step) error {
		person, err := s.PersonByName(name)
		if fault.KindOf(err) == fault.NotFound && err != nil {
			return fault.New(fault.WorkflowNoPerson, "name", name)
		}
		if err != nil {
			return err
		}
		person.PasswordHash = hash
		if err := s.PutPerson(person); err != nil {
			return err
		}
		if err := s.EndSessions(person.ID, ""); err != nil {
			return err
		}
		return s.Journal("person.password_reset", person.ID, nil)
	})
}

// People lists the accounts.
func (w *Workflow) People(ctx context.Context, actor access.Actor) (list []store.Person, err error) {
	err = w.read(ctx, actor, access.ManagePeople, "", func(tx *store.Tx) error {
		list, err = tx.People()
		return err
	})
	return list, err
}

// linkLife is how long a one-time administrator link works.
const linkLife = 24 * time.Hour

// AdministratorLink makes the secret of a one-time link that signs the first administrator in.
func (w *Workflow) AdministratorLink(ctx context.Context, actor access.Actor) (secret string, err error) {
	secret = randomSecret()
	err = w.change(ctx, actor, access.ManagePeople, "", func(s *Step) error {
		if err := s.PutToken(access.HashSecret(secret), "administrator", "", s.Now().Add(linkLife)); err != nil {
			return err
		}
		return s.Journal("link.made", "administrator", nil)
	})
	return secret, err
}

// RedeemLink uses a one-time administrator link up and makes the account of its holder, for whom the secret vouches. A
// link is used up only when the account was made; fault store.token when it is unknown, used or has run out.
func (w *Workflow) RedeemLink(ctx context.Context, secret, name, password string) error {
	if len([]rune(password)) < access.MinPassword {
		return fault.New(fault.WorkflowPassword)
	}
	actor := access.Actor{Kind: access.System, Name: "link:administrator"}
	return w.change(ctx, actor, access.ManagePeople, "", func(s *Step) error {
		kind, _, err := s.TakeToken(access.HashSecret(secret))
		if err != nil {
			return err
		}
		if kind != "administrator" {
			return fault.New(fault.StoreToken)
		}
		_, hash, err := newPassword(password) // costs a tenth of a second, so only with a link that is good
		if err != nil {
			return err
		}
		return s.addPerson(name, hash, access.Administrator)
	})
}
