package workflow

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"safar/access"
	"safar/fault"
	"safar/form"
	"safar/form/xpath"
	"safar/place"
	"safar/quality"
	"safar/record"
	"safar/round"
	"safar/store"
)

// jobCheck re-evaluates one record on the server: skip logic, constraints, place, round, checks, and whether it counts.
const jobCheck = "record.check"

func (s *Step) enqueueCheck(id record.ID) error {
	return s.EnqueueOnce(s.Operation, jobCheck, string(id), string(id), nil, time.Time{})
}

// graceDays is how many days before and after a round's period an assessment may lie and still belong to it (check Q07).
const graceDays = 3

// assessment is what the server thinks of a record: where it belongs and what is wrong with it.
type assessment struct {
	derived  record.Derived
	round    int
	findings []quality.Finding
}

// surroundings are what a record is judged against, loaded before the pure part.
type surroundings struct {
	tool     *tool
	register *place.Register
	rounds   []round.Round
	now      time.Time
	identity func(question string) bool
	earlier  *xpath.Node          // answers of the same unit in the round before, nil when there are none
	history  []*xpath.Node        // of the rounds before that, newest first
	others   []store.StoredRecord // other records of the same unit in the round
}

// assess is the pure middle of every step that takes in or changes a record.
func (env surroundings) assess(rec record.Record, answers *xpath.Node) assessment {
	q := env.tool.form(rec.Form, rec.FormVersion)
	if q == nil || answers == nil {
		return assessment{}
	}
	a := assessment{derived: record.Derive(answers, q.keys, env.register, env.tool.operation.Country, env.tool.zone), round: rec.Round}
	if rec.Source == record.FromImport {
		keepSheet(&a.derived, rec, record.Answer(answers, q.keys.Carried) != "")
	} else {
		a.round = env.roundOf(a.derived.Date, rec.Round)
	}
	if q.consent != "" && record.Answer(answers, q.consent) == "no" {
		a.derived.Problems = nil // an interview that was refused does not ask for its place
	}
	if a.derived.CarriedFrom >= a.round {
		a.derived.CarriedFrom = 0 // assessed in this very round
	}
	a.findings = env.tool.checks.Check(env.subject(rec, q, answers, a))
	return a
}

// subject is the record as the checks see it.
func (env surroundings) subject(rec record.Record, q *questionnaire, answers *xpath.Node, a assessment) quality.Subject {
	files := env.files(a.round)
	subject := quality.Subject{
		Record: rec, Form: q.form, Answers: answers, Derived: a.derived, Round: env.round(a.round), Zone: env.tool.zone, Now: env.now,
		Earlier: env.earlier, History: env.history, Instances: files.instances(),
		Problems: append(q.program.CheckValues(answers), repeatable(q.form, rec.Source == record.FromImport, env.identity, form.Evaluate(q.program, answers, form.EvalContext{
			Now: env.now, Zone: env.tool.zone, Mapped: set(rec.Mapped), Instances: files.instances(), Lookup: files.lookup,
		}))...),
	}
	for _, other := range env.others {
		subject.Others = append(subject.Others, string(other.ID))
	}
	return subject
}

func set(names []string) map[string]bool {
	if names == nil {
		return nil
	}
	m := make(map[string]bool, len(names))
	for _, name := range names {
		m[name] = true
	}
	return m
}

// keepSheet lets what a workbook says outside its answers stand where the answers do not say it: the unit, the day, the
// place and the round that a value was carried from.
func keepSheet(d *record.Derived, rec record.Record, saysCarried bool) {
	if d.Unit == "" {
		d.Unit = rec.Unit
	}
	if d.Date == "" {
		d.Date = rec.Date
	}
	if !saysCarried {
		d.CarriedFrom = rec.CarriedFrom
	}
	if d.Place.Areas.Deepest() == "" {
		d.Place = rec.Place
	}
}

// roundOf finds the round that a date belongs to. A round whose own period holds it goes before one without dates, and
// that before one that holds it only by the days of grace: else the last days of a round would move to the next as soon
// as that is opened. Among equals a round that is collecting goes first, then the newest. A closed round takes nothing
// in: only a record that lies in it already stays; a late one lies in no round, which blocks, until it is opened again.
func (env surroundings) roundOf(date string, now int) int {
	best, rank := 0, 0
	for _, r := range env.rounds {
		if isClosed(r) && r.Number != now {
			continue
		}
		own := claim(r, date)
		if own > rank || own == rank && own > 0 && r.Number > best {
			best, rank = r.Number, own
		}
	}
	return best
}

func isClosed(r round.Round) bool { return r.Status == round.Closed || r.Status == round.Published }

// claim ranks a round's claim on a date; 0 = none.
func claim(r round.Round, date string) int {
	rank := 0
	switch {
	case !r.Holds(date, graceDays):
		return 0
	case !r.Holds(date, 0):
		rank = 1
	case r.Start == "" && r.End == "":
		rank = 3
	default:
		rank = 5
	}
	if r.Status == round.Collecting {
		rank++
	}
	return rank
}

func (env surroundings) round(number int) round.Round {
	for _, r := range env.rounds {
		if r.Number == number {
			return r
		}
	}
	return round.Round{}
}

// opinion is an assessment together with the state of the record it was made of.
type opinion struct {
	rec store.StoredRecord
	assessment
}

// opine loads a record and assesses it, outside any write: this is where the time of a check goes. ok is false when
// nothing can be said, because the record's form is not known here. One view of the data is enough where the form's tool
// is at hand, which is nearly always.
func (w *Workflow) opine(ctx context.Context, operation string, id record.ID) (o opinion, ok bool, err error) {
	defer func() {
		if p := recover(); p != nil { // one record that no code foresaw must not end the server; its job goes among the dead
			ok, err = false, fault.Internalf(fmt.Errorf("panic: %v", p), "checking record %s", id)
		}
	}()
	var t *tool
	err = w.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if o.rec, err = tx.Record(operation, id); err != nil || !o.checkable() {
			return err
		}
		if t = w.toolAtHand(operation, o.rec.Form, o.rec.FormVersion); t == nil {
			return nil
		}
		return w.assessIn(tx, t, &o)
	})
	if err == nil && o.rec.State == record.UnknownForm {
		if read, err := w.readAgain(ctx, o.rec); err != nil || !read {
			return o, false, err
		}
		return w.opine(ctx, operation, id)
	}
	if err != nil || !o.checkable() || t != nil {
		return o, err == nil && o.checkable(), err
	}
	if t, err = w.toolOfForm(ctx, operation, o.rec.Form, o.rec.FormVersion); err != nil {
		return o, false, err
	}
	err = w.Store.Read(ctx, func(tx *store.Tx) error { return w.assessIn(tx, t, &o) })
	return o, err == nil, err
}

// checkable says whether there are answers to form an opinion of.
func (o *opinion) checkable() bool {
	return o.rec.State != record.UnknownForm && o.rec.State != record.Unreadable && o.rec.Activity != ""
}

// assessIn forms the opinion on a loaded record.
func (w *Workflow) assessIn(tx *store.Tx, t *tool, o *opinion) error {
	register, err := w.registerIn(tx, t.operation.Country)
	if err != nil {
		return err
	}
	answers, err := w.currentAnswers(o.rec)
	if err != nil {
		return err
	}
	env, err := w.around(tx, t, register, o.rec, answers)
	if err == nil {
		o.assessment = env.assess(o.rec.Record, answers)
	}
	return err
}

// save writes an opinion down, unless the record changed since it was formed: then its check is queued again.
func (w *Workflow) save(s *Step, o opinion) error {
	now, err := s.ChangeSeq(s.Operation, o.rec.ID)
	if err != nil {
		return err
	}
	if now != o.rec.ChangeSeq {
		return s.enqueueCheck(o.rec.ID)
	}
	if err := s.ReplaceFindings(s.Operation, o.rec.ID, o.findings); err != nil {
		return err
	}
	return w.settle(s, o.rec, o.assessment)
}

// system is Safar itself, as the actor of jobs.
func system() access.Actor {
	return access.Actor{Kind: access.System, ID: "safar", Name: "system:safar"}
}

// currentAnswers decodes a stored record's answers and lays its corrections over them. A corrected identity stays where
// identities are kept: it never comes back into the answers.
func (w *Workflow) currentAnswers(rec store.StoredRecord) (*xpath.Node, error) {
	if len(rec.AnswersJSON) == 0 {
		return nil, nil
	}
	answers, err := record.DecodeAnswers(rec.AnswersJSON)
	if err != nil {
		return nil, fault.Internalf(err, "reading the answers of record %s", rec.ID)
	}
	rec.Answers = answers
	rec.Corrections = slices.DeleteFunc(slices.Clone(rec.Corrections), func(c record.Correction) bool { return w.Dictionary.IsIdentity(questionOf(c.Path)) })
	return rec.Current(), nil
}

// questionOf is the question's name at the end of an answer's path.
func questionOf(path string) string {
	name := path[strings.LastIndexByte(path, '/')+1:]
	name, _, _ = strings.Cut(name, "[")
	return name
}

// around loads what a record is judged against.
func (w *Workflow) around(tx *store.Tx, t *tool, register *place.Register, rec store.StoredRecord, answers *xpath.Node) (surroundings, error) {
	env := surroundings{tool: t, register: register, now: w.Now(), identity: w.Dictionary.IsIdentity}
	var err error
	if env.rounds, err = tx.Rounds(rec.Operation, rec.Activity); err != nil {
		return env, err
	}
	q := t.form(rec.Form, rec.FormVersion)
	if q == nil {
		return env, nil
	}
	derived := record.Derive(answers, q.keys, register, t.operation.Country, t.zone)
	if derived.Unit == "" {
		return env, nil
	}
	number := rec.Round
	if rec.Source != record.FromImport {
		number = env.roundOf(derived.Date, rec.Round)
	}
	return env, w.loadUnit(&env, tx, rec, number, derived.Unit)
}

// loadUnit finds the other records of the unit in the round, and its answers in the round before.
func (w *Workflow) loadUnit(env *surroundings, tx *store.Tx, rec store.StoredRecord, number int, unit string) error {
	same, err := tx.RecordsByUnit(rec.Operation, rec.Activity, number, unit)
	if err != nil {
		return err
	}
	for _, other := range same {
		if other.ID != rec.ID && other.State == record.Received {
			env.others = append(env.others, other)
		}
	}
	var past []*xpath.Node
	for _, previous := range env.before(number) {
		before, err := tx.RecordsByUnit(rec.Operation, rec.Activity, previous, unit)
		if err != nil {
			return err
		}
		for _, old := range before {
			if !old.Counts {
				continue
			}
			answers, err := w.currentAnswers(old)
			if err != nil {
				return err
			}
			past = append(past, answers)
		}
	}
	if len(past) > 0 {
		env.earlier, env.history = past[0], past[1:]
	}
	return nil
}

// before lists the numbers of the rounds before one, newest first, as far back as checks look.
func (env surroundings) before(number int) []int {
	var numbers []int
	for _, r := range env.rounds {
		if r.Number < number {
			numbers = append(numbers, r.Number)
		}
	}
	slices.Sort(numbers)
	slices.Reverse(numbers)
	return numbers[:min(len(numbers), 2)]
}

// settle saves where a record belongs, decides anew which record of its unit counts, and journals what changed.
func (w *Workflow) settle(s *Step, rec store.StoredRecord, a assessment) error {
	before := rec.Record
	update := store.RecordUpdate{Round: &a.round, Unit: &a.derived.Unit, Date: &a.derived.Date, Place: &a.derived.Place, CarriedFrom: &a.derived.CarriedFrom}
	moved := before.Round != a.round || before.Unit != a.derived.Unit
	if before.Unit != a.derived.Unit || before.Date != a.derived.Date || before.Round != a.round || before.CarriedFrom != a.derived.CarriedFrom || !samePlace(before.Place, a.derived.Place) {
		if err := s.UpdateRecord(s.Operation, rec.ID, update); err != nil {
			return err
		}
		if err := s.Journal("record.placed", string(rec.ID), map[string]any{"round": a.round, "unit": a.derived.Unit, "date": a.derived.Date, "areas": a.derived.Place.Areas}); err != nil {
			return err
		}
	}
	if moved && before.Unit != "" {
		if err := w.recount(s, rec.Activity, before.Round, before.Unit, rec.ID); err != nil {
			return err
		}
	}
	return w.recount(s, rec.Activity, a.round, a.derived.Unit, rec.ID)
}

// recount decides which record of a unit counts in a round: of those received, the newest by assessment date, then by
// receipt. A record without unit counts by itself. Records whose standing changed are checked again.
func (w *Workflow) recount(s *Step, activity string, number int, unit string, origin record.ID) (err error) {
	var same []store.StoredRecord
	if unit == "" {
		rec, err := s.Tx.Record(s.Operation, origin)
		if err != nil {
			return err
		}
		same = []store.StoredRecord{rec}
	} else if same, err = s.RecordsByUnit(s.Operation, activity, number, unit); err != nil {
		return err
	}
	winner := newest(same)
	for _, rec := range same {
		counts := rec.ID == winner && number > 0
		if rec.Counts == counts {
			continue
		}
		if err := s.UpdateRecord(s.Operation, rec.ID, store.RecordUpdate{Counts: &counts}); err != nil {
			return err
		}
		if err := s.Journal("record.counts", string(rec.ID), map[string]any{"counts": counts, "instead": winner}); err != nil {
			return err
		}
		if rec.ID != origin {
			if err := s.enqueueCheck(rec.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func newest(same []store.StoredRecord) record.ID {
	received := slices.DeleteFunc(slices.Clone(same), func(r store.StoredRecord) bool { return r.State != record.Received })
	if len(received) == 0 {
		return ""
	}
	best := received[0]
	for _, r := range received[1:] {
		if r.Date > best.Date || (r.Date == best.Date && r.ID > best.ID) {
			best = r
		}
	}
	return best.ID
}

// split takes identities out of the answers and encodes both for the store.
func (w *Workflow) split(answers *xpath.Node) (kept, identities []byte, err error) {
	if answers == nil {
		return nil, nil, nil
	}
	public, taken := record.Split(answers, w.Dictionary.IsIdentity)
	if len(taken) > 0 {
		if identities, err = json.Marshal(taken); err != nil {
			return nil, nil, err
		}
	}
	return record.EncodeAnswers(public), identities, nil
}

// samePlace compares by value: two records never share the pointer to a position.
func samePlace(a, b record.Place) bool {
	if (a.At == nil) != (b.At == nil) || (a.At != nil && *a.At != *b.At) {
		return false
	}
	a.At, b.At = nil, nil
	return a == b
}
