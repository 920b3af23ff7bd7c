package workflow

import (
	"context"
	"strings"

	"safar/access"
	"safar/fault"
	"safar/locale"
	"safar/place"
	"safar/quality"
	"safar/record"
	"safar/store"
)

// FindingRow is a finding as a list shows it.
type FindingRow struct {
	ID      string             `json:"id"`
	Record  string             `json:"record"`
	Unit    string             `json:"unit"`
	Name    string             `json:"name"`
	Check   string             `json:"check"`
	Level   quality.Level      `json:"level"`
	Path    string             `json:"path"`
	Message locale.Text        `json:"message"`
	Details map[string]string  `json:"details"`
	State   store.FindingState `json:"state"`
	By      string             `json:"by"`
	At      string             `json:"at"`
	Comment string             `json:"comment"`
}

// CheckCount is how often a check found something.
type CheckCount struct {
	Check   string        `json:"check"`
	Level   quality.Level `json:"level"`
	Count   int           `json:"count"`
	Message locale.Text   `json:"message"`
}

// FindingList is one page of findings, and the numbers of all that the filter chooses.
type FindingList struct {
	Rows    []FindingRow          `json:"rows"`
	Next    string                `json:"next"`
	Counts  map[quality.Level]int `json:"counts"`
	ByCheck []CheckCount          `json:"by_check"`
}

// FindingRows lists findings with what they are about. State is open (also when it is ""), accepted, answered or all.
func (w *Workflow) FindingRows(ctx context.Context, actor access.Actor, operation string, f FindingFilter, state, lang string) (FindingList, error) {
	page := FindingList{Rows: []FindingRow{}, Counts: map[quality.Level]int{}, ByCheck: []CheckCount{}}
	switch f.State = store.FindingState(state); state {
	case "":
		f.State = store.FindingOpen
	case "all":
		f.State = ""
	}
	if f.Limit <= 0 {
		f.Limit = 100
	}
	f.Limit = min(f.Limit, maxRows)
	if err := allow(actor, access.ReadRecords, operation); err != nil {
		return page, err
	}
	words, err := w.checkWords(ctx, operation)
	if err != nil {
		return page, err
	}
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		op, err := tx.Operation(operation)
		if err != nil {
			return err
		}
		register, err := w.registerIn(tx, op.Country)
		if err != nil {
			return err
		}
		list, err := tx.Findings(operation, f)
		if err != nil {
			return err
		}
		if len(list) == f.Limit {
			page.Next = list[len(list)-1].ID
		}
		if err := page.fill(tx, register, operation, list, lang); err != nil {
			return err
		}
		return page.tally(tx, operation, f, words)
	})
	return page, err
}

func (l *FindingList) fill(tx *store.Tx, register *place.Register, operation string, list []store.StoredFinding, lang string) error {
	about := map[string]store.StoredRecord{}
	names, err := actorNames(tx, operation)
	if err != nil {
		return err
	}
	for _, f := range list {
		rec, seen := about[f.Record]
		if !seen {
			if rec, err = tx.Record(operation, record.ID(f.Record)); err != nil {
				return err
			}
			about[f.Record] = rec
		}
		row := findingRow(f, names)
		row.Unit, row.Name = rec.Unit, unitNames(register, rec.Place).In(lang, "en")
		l.Rows = append(l.Rows, row)
	}
	return nil
}

func findingRow(f store.StoredFinding, names map[string]string) FindingRow {
	details := f.Details
	if details == nil {
		details = map[string]string{}
	}
	return FindingRow{
		ID: f.ID, Record: f.Record, Check: f.Check, Level: f.Level, Path: f.Path, Message: f.Message, Details: details,
		State: f.State, By: nameOf(names, f.By), At: unixText(f.DecidedAt), Comment: f.Comment,
	}
}

// checkWords gives what the tools' own checks say, where that is the same for every record.
func (w *Workflow) checkWords(ctx context.Context, operation string) (map[string]locale.Text, error) {
	tools, _, err := w.toolsOf(ctx, operation)
	if err != nil {
		return nil, err
	}
	words := map[string]locale.Text{}
	for _, t := range tools {
		for _, c := range t.pack.Checks {
			if !strings.Contains(c.Message.In("en"), "{") {
				words[c.ID] = c.Message
			}
		}
	}
	return words, nil
}

// tally counts by level and by check. A check without words of its own is shown with those of one of its findings.
func (l *FindingList) tally(tx *store.Tx, operation string, f FindingFilter, words map[string]locale.Text) error {
	all := f
	all.Check, all.Level = "", "" // the choices beside the list stay while one of them is taken
	counts, err := tx.CountFindings(operation, all)
	if err != nil {
		return err
	}
	for level, n := range counts {
		l.Counts[level] = int(n)
	}
	checks, err := tx.TallyChecks(operation, all)
	if err != nil {
		return err
	}
	for _, c := range checks {
		if message := words[c.Check]; message != nil {
			l.ByCheck = append(l.ByCheck, CheckCount{c.Check, c.Level, c.Count, message})
			continue
		}
		sample, err := tx.Finding(operation, c.Sample)
		if err != nil {
			return err
		}
		l.ByCheck = append(l.ByCheck, CheckCount{c.Check, c.Level, c.Count, sample.Message})
	}
	return nil
}

// AcceptFinding says that a person looked at a finding and the value stands. For a finding that stops the round the
// comment must say why.
func (w *Workflow) AcceptFinding(ctx context.Context, actor access.Actor, operation, id, comment string) error {
	return w.change(ctx, actor, access.Correct, operation, func(s *Step) error {
		f, err := s.Finding(operation, id)
		if err != nil {
			return err
		}
		if f.Level == quality.Block && strings.TrimSpace(comment) == "" {
			return fault.New(fault.WorkspaceBlocking, "check", f.Check)
		}
		if err := s.SetFindingState(operation, id, store.FindingAccepted, s.Actor.Name, comment); err != nil {
			return err
		}
		return s.Journal("finding.accepted", f.Record, map[string]any{"finding": id, "check": f.Check, "comment": comment})
	})
}

// actorNames gives people and devices by the name that the journal has of them.
func actorNames(tx *store.Tx, operation string) (map[string]string, error) {
	people, err := tx.People()
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, p := range people {
		names[personPrefix+p.ID] = p.Name
	}
	devices, err := tx.Devices(operation)
	for _, d := range devices {
		names["device:"+d.ID] = d.Name
	}
	return names, err
}

// nameOf shows an actor by name where it is known.
func nameOf(names map[string]string, actor string) string {
	if name := names[actor]; name != "" {
		return name
	}
	return actor
}
