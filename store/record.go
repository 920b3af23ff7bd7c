package store

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"safar/fault"
	"safar/place"
	"safar/record"
)

// StoredRecord is a record as it is stored. Its Answers are nil: the caller reads them from AnswersJSON with the form
// at hand. Its Corrections are filled, oldest first.
type StoredRecord struct {
	record.Record
	AnswersJSON  []byte
	Counts       bool  // it is the one record of its unit and round that counts towards stocks
	ChangeSeq    int64 // of the journal entry that last changed it
	SupersededBy record.ID
}

// InsertRecord adds a record. Its identities (JSON of what names people) are encrypted and kept apart; nil for none.
// Fault store.record_exists when the instance has this version already. The same call must append a journal entry.
func (tx *Tx) InsertRecord(r record.Record, answers, identities []byte) error {
	seq, err := tx.changeSeq(r.Operation)
	if err != nil {
		return err
	}
	located, mapped, err := recordJSON(r)
	if err != nil {
		return err
	}
	exists := func(err error) error {
		if fault.CodeOf(err) != fault.StoreExists {
			return err
		}
		return fault.Wrap(err, fault.StoreRecordExists, "instance", r.InstanceID, "form", r.Form, "version", strconv.Itoa(r.Version))
	}
	err = tx.putOr(exists, `INSERT INTO record (operation, id, activity, round, form, form_version, instance, version, source, device, received_at, original,
		state, state_reason, superseded_by, replaces, counts, corrections, change_seq, unit, date, area, site, point, place, mapped, carried_from, sensitivity, search, answers)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', $27, 0, 0, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)`,
		r.Operation, string(r.ID), r.Activity, r.Round, r.Form, r.FormVersion, r.InstanceID, r.Version, string(r.Source), r.Device, micros(r.ReceivedAt), r.Original,
		string(r.State), r.StateReason, seq, r.Unit, r.Date, string(r.Place.Areas.Deepest()), r.Place.Site, r.Place.Point, located, mapped, r.CarriedFrom, r.Sensitivity,
		recordSearch(&r), answers, r.Replaces)
	if err != nil || len(identities) == 0 {
		return err
	}
	return tx.putIdentities(r.Operation, r.ID, identities)
}

// recordJSON writes the parts of a record that are structures; mapped is "" for "all of the form".
func recordJSON(r record.Record) (located, mapped string, err error) {
	if located, err = toJSON(r.Place); err != nil || r.Mapped == nil {
		return located, "", err
	}
	mapped, err = toJSON(r.Mapped)
	return located, mapped, err
}

// recordSearch is what a record is found by, folded.
func recordSearch(r *record.Record) string {
	return place.Fold(strings.Join([]string{r.Unit, r.InstanceID, r.Date, r.Place.Site, r.Place.Point}, " "))
}

func identityPurpose(op string, id record.ID) string { return "identity|" + op + "|" + string(id) }

func (tx *Tx) putIdentities(op string, id record.ID, identities []byte) error {
	sealed, err := tx.seal(op, identityPurpose(op, id), identities)
	if err != nil {
		return err
	}
	return tx.put("INSERT INTO identity (operation, record, sealed) VALUES ($1, $2, $3) ON CONFLICT (operation, record) DO UPDATE SET sealed = excluded.sealed",
		op, string(id), sealed)
}

// Identities gives the identities of a record, nil when it has none. The caller journals that they were read.
func (tx *Tx) Identities(op string, id record.ID) ([]byte, error) {
	sealed, err := first(tx, value[[]byte], "SELECT sealed FROM identity WHERE operation = $1 AND record = $2", op, string(id))
	if errors.Is(err, errNone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return tx.unseal(op, identityPurpose(op, id), sealed)
}

// EraseIdentities removes the identities of a record for good. The caller journals that it did so.
func (tx *Tx) EraseIdentities(op string, id record.ID) error {
	return tx.put("DELETE FROM identity WHERE operation = $1 AND record = $2", op, string(id))
}

const recordColumns = `operation, id, activity, round, form, form_version, instance, version, source, device, received_at, original, state, state_reason,
	superseded_by, replaces, counts, corrections, change_seq, unit, date, place, mapped, carried_from, sensitivity, answers`

// readRecord is a record on its way out, with the number of its corrections.
type readRecord struct {
	StoredRecord
	corrections int
}

func scanRecord(row row) (r readRecord, err error) {
	var received int64
	var counts int
	var located, mapped []byte
	err = row.Scan(&r.Operation, &r.ID, &r.Activity, &r.Round, &r.Form, &r.FormVersion, &r.InstanceID, &r.Version, &r.Source, &r.Device, &received, &r.Original,
		&r.State, &r.StateReason, &r.SupersededBy, &r.Replaces, &counts, &r.corrections, &r.ChangeSeq, &r.Unit, &r.Date, &located, &mapped, &r.CarriedFrom, &r.Sensitivity, &r.AnswersJSON)
	if err != nil {
		return r, err
	}
	r.ReceivedAt, r.Counts = instant(received), counts != 0
	if len(mapped) > 0 {
		err = json.Unmarshal(mapped, &r.Mapped)
	}
	return r, errors.Join(err, json.Unmarshal(located, &r.Place))
}

// records reads records with their corrections.
func (tx *Tx) records(text string, args ...any) ([]StoredRecord, error) {
	read, err := list(tx, scanRecord, "SELECT "+recordColumns+" FROM record"+text, args...)
	if err != nil {
		return nil, err
	}
	all := make([]StoredRecord, len(read))
	for i := range read {
		all[i] = read[i].StoredRecord
		if read[i].corrections == 0 {
			continue
		}
		if all[i].Corrections, err = tx.recordCorrections(all[i].Operation, all[i].ID); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Record gives one record; fault store.not_found.
func (tx *Tx) Record(op string, id record.ID) (StoredRecord, error) {
	all, err := tx.records(" WHERE operation = $1 AND id = $2", op, string(id))
	if err == nil && len(all) == 0 {
		err = fault.New(fault.StoreNotFound, "what", "record", "id", `"`+string(id)+`"`)
	}
	if err != nil {
		return StoredRecord{}, err
	}
	return all[0], nil
}

// ChangeSeq gives the sequence number of a record's last change, by which a caller knows whether what it read is still
// so; fault store.not_found.
func (tx *Tx) ChangeSeq(op string, id record.ID) (int64, error) {
	return named(tx, "record", string(id), value[int64], "SELECT change_seq FROM record WHERE operation = $1 AND id = $2", op, string(id))
}

// RecordsByInstance lists all versions of an instance, first version first.
func (tx *Tx) RecordsByInstance(op, form, instance string) ([]StoredRecord, error) {
	return tx.records(" WHERE operation = $1 AND form = $2 AND instance = $3 AND instance <> '' ORDER BY version", op, form, instance)
}

// RecordsByUnit lists all records of a unit in a round of an activity, oldest first, whatever their state.
func (tx *Tx) RecordsByUnit(op, activity string, round int, unit string) ([]StoredRecord, error) {
	return tx.records(" WHERE operation = $1 AND activity = $2 AND round = $3 AND unit = $4 ORDER BY id", op, activity, round, unit)
}

// RecordsReplacing lists the edits of an instance, oldest first.
func (tx *Tx) RecordsReplacing(op, form, instance string) ([]StoredRecord, error) {
	return tx.records(" WHERE operation = $1 AND form = $2 AND replaces = $3 AND replaces <> '' ORDER BY id", op, form, instance)
}

// RecordFilter chooses records of an operation; zero fields choose all.
type RecordFilter struct {
	Activity string
	Round    *int // nil = any; 0 = records that no round holds
	Form     string
	State    record.State
	Area     place.Code // in this unit or below it
	Unit     string
	Import   string
	Device   string
	Counts   *bool
	Check    string    // with an open finding of this check
	Search   string    // words found in unit, instance, date, site, point or their names; any script
	After    record.ID // the last one of the page before
	Limit    int       // 0 = 100
	Newest   bool      // newest first
}

// Records lists records by id, which is by time of receipt.
func (tx *Tx) Records(op string, f RecordFilter) ([]StoredRecord, error) {
	w := f.where(op)
	w.after("id", string(f.After), f.Newest)
	return tx.records(w.clause()+order("id", f.Newest)+w.limit(f.Limit), w.args...)
}

func (f *RecordFilter) where(op string) *where {
	w := &where{}
	w.add("operation = ?", op)
	w.text("activity", f.Activity)
	if f.Round != nil {
		w.add("round = ?", *f.Round)
	}
	w.text("form", f.Form)
	w.text("state", string(f.State))
	w.text("unit", f.Unit)
	w.text("device", f.Device)
	w.text("device", f.Import)
	if f.Import != "" {
		w.add("source = ?", string(record.FromImport))
	}
	if f.Counts != nil {
		w.add("counts = ?", *f.Counts)
	}
	if f.Area != "" {
		w.add("(area = ? OR area IN (SELECT c.descendant FROM area_closure c WHERE c.ancestor = ?))", string(f.Area))
	}
	if f.Check != "" {
		w.add("id IN (SELECT f.record FROM finding f WHERE f.operation = $1 AND f.state = 'open' AND f.check_id = ?)", f.Check)
	}
	for _, word := range strings.Fields(place.Fold(f.Search)) {
		w.add(`(search LIKE ? OR site IN (SELECT s.ssid FROM site s WHERE s.search LIKE ?) OR point IN (SELECT p.id FROM flow_point p WHERE p.search LIKE ?)
			OR area IN (SELECT c.descendant FROM area_closure c JOIN area a ON a.country = c.country AND a.code = c.ancestor WHERE a.search LIKE ?))`, "%"+word+"%")
	}
	return w
}

// ChangedSince lists up to limit records of an activity ("" = of all) that were changed after a journal sequence
// number, in the order of their last change. The next call takes the ChangeSeq of the last one; a call's limit is
// stretched so that records of one change are never torn apart.
func (tx *Tx) ChangedSince(op, activity string, seq int64, limit int) ([]StoredRecord, error) {
	w := where{}
	w.add("operation = ?", op)
	w.add("change_seq > ?", seq)
	w.text("activity", activity)
	bound := "SELECT max(change_seq) FROM (SELECT change_seq FROM record" + w.clause() + " ORDER BY change_seq" + w.limit(limit) + ") page"
	text := w.clause()
	return tx.records(text+" AND change_seq <= ("+bound+") ORDER BY change_seq, id", w.args...)
}

// RecordUpdate changes what is set; nil fields stay.
type RecordUpdate struct {
	Activity     *string
	Round        *int
	FormVersion  *string
	State        *record.State
	StateReason  *string
	Unit         *string
	Date         *string
	Place        *record.Place
	Mapped       *[]string
	CarriedFrom  *int
	Sensitivity  *string
	Counts       *bool
	SupersededBy *record.ID
	Answers      []byte // JSON; nil stays
	Identities   []byte // JSON, encrypted by the store; nil stays
}

// UpdateRecord changes a record; fault store.not_found. The same call must append a journal entry.
func (tx *Tx) UpdateRecord(op string, id record.ID, u RecordUpdate) error {
	set, err := u.set()
	if err != nil {
		return err
	}
	if u.Unit != nil || u.Date != nil || u.Place != nil {
		if err := tx.setSearch(op, id, &u, set); err != nil {
			return err
		}
	}
	seq, err := tx.changeSeq(op)
	if err != nil {
		return err
	}
	set.add("change_seq = ?", seq)
	text := "UPDATE record SET " + strings.Join(set.terms, ", ")
	set.terms = nil
	set.add("operation = ?", op)
	set.add("id = ?", string(id))
	n, err := tx.exec(text+set.clause(), set.args...)
	if err := touched(n, err, "record", string(id)); err != nil || len(u.Identities) == 0 {
		return err
	}
	return tx.putIdentities(op, id, u.Identities)
}

// set lists the assignments that the update asks for.
func (u *RecordUpdate) set() (*where, error) {
	w := &where{}
	assign(w, "activity = ?", u.Activity)
	assign(w, "round = ?", u.Round)
	assign(w, "form_version = ?", u.FormVersion)
	assign(w, "state_reason = ?", u.StateReason)
	assign(w, "unit = ?", u.Unit)
	assign(w, "date = ?", u.Date)
	assign(w, "carried_from = ?", u.CarriedFrom)
	assign(w, "sensitivity = ?", u.Sensitivity)
	assign(w, "counts = ?", u.Counts)
	assign(w, "state = ?", (*string)(u.State))
	assign(w, "superseded_by = ?", (*string)(u.SupersededBy))
	if u.Answers != nil {
		w.add("answers = ?", u.Answers)
	}
	if u.Mapped != nil {
		mapped, err := toJSON(*u.Mapped)
		if err != nil {
			return nil, err
		}
		w.add("mapped = ?", mapped)
	}
	if u.Place == nil {
		return w, nil
	}
	located, err := toJSON(*u.Place)
	w.add("place = ?", located)
	w.add("area = ?", string(u.Place.Areas.Deepest()))
	w.add("site = ?", u.Place.Site)
	w.add("point = ?", u.Place.Point)
	return w, err
}

func assign[T any](w *where, term string, v *T) {
	if v != nil {
		w.add(term, *v)
	}
}

// setSearch writes the folded text anew from what is stored and what changes.
func (tx *Tx) setSearch(op string, id record.ID, u *RecordUpdate, set *where) error {
	r, err := named(tx, "record", string(id), scanRecord, "SELECT "+recordColumns+" FROM record WHERE operation = $1 AND id = $2", op, string(id))
	if err != nil {
		return err
	}
	if u.Unit != nil {
		r.Unit = *u.Unit
	}
	if u.Date != nil {
		r.Date = *u.Date
	}
	if u.Place != nil {
		r.Place = *u.Place
	}
	set.add("search = ?", recordSearch(&r.Record))
	return nil
}

// CountRecords counts the records of an activity ("" = of all) of an operation by state.
func (tx *Tx) CountRecords(op, activity string) (map[record.State]int64, error) {
	w := where{}
	w.add("operation = ?", op)
	w.text("activity", activity)
	counts := map[record.State]int64{}
	return counts, tx.each(func(r row) error {
		var state record.State
		var n int64
		err := r.Scan(&state, &n)
		counts[state] = n
		return err
	}, "SELECT state, count(*) FROM record"+w.clause()+" GROUP BY state", w.args...)
}
