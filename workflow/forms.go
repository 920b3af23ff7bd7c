package workflow

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"time"

	"safar/access"
	"safar/fault"
	"safar/form"
	"safar/form/xlsform"
	"safar/round"
	"safar/sheet"
	"safar/store"
)

// md5Hex is the hash that OpenRosa's lists ask for; it tells contents apart and protects nothing.
func md5Hex(data []byte) string {
	sum := md5.Sum(data)
	return hex.EncodeToString(sum[:])
}

// Forms lists the versions of an operation's forms.
func (w *Workflow) Forms(ctx context.Context, actor access.Actor, operation string) (list []store.FormVersion, err error) {
	err = w.read(ctx, actor, access.ManageForms, operation, func(tx *store.Tx) error {
		list, err = tx.Forms(operation)
		return err
	})
	return list, err
}

// PublishTool hands the newest version of a tool's forms out to the devices of an operation; older versions that were
// published stay readable, and devices are given the new one.
func (w *Workflow) PublishTool(ctx context.Context, actor access.Actor, operation, toolID string) (published []store.FormVersion, err error) {
	err = w.change(ctx, actor, access.ManageForms, operation, func(s *Step) error {
		if _, err := w.adopt(s, toolID); err != nil {
			return err
		}
		all, err := s.Tx.Forms(operation)
		if err != nil {
			return err
		}
		newest := map[string]store.FormVersion{}
		for _, row := range all {
			if row.Activity == toolID {
				newest[row.FormID] = row
			}
		}
		for _, id := range slices.Sorted(maps.Keys(newest)) {
			row := newest[id]
			if err := s.publish(all, row); err != nil {
				return err
			}
			published = append(published, row)
		}
		return nil
	})
	w.forgetTools()
	return published, err
}

// publish hands one version out and retires the version of the same form that was handed out before.
func (s *Step) publish(all []store.FormVersion, row store.FormVersion) error {
	for _, old := range all {
		if old.FormID == row.FormID && old.Version != row.Version && old.State == store.FormPublished {
			if err := s.SetFormState(s.Operation, old.FormID, old.Version, store.FormRetired); err != nil {
				return err
			}
		}
	}
	if err := s.enqueueUnknown(row.FormID); err != nil {
		return err
	}
	if row.State == store.FormPublished {
		return nil
	}
	if err := s.SetFormState(s.Operation, row.FormID, row.Version, store.FormPublished); err != nil {
		return err
	}
	return s.Journal("form.published", row.FormID, map[string]any{"version": row.Version, "hash": row.Hash})
}

// PublishWorkbook converts a team's own XLSForm and hands it out under a tool the operation has adopted, so that its
// answers with the dictionary's names are measured like the tool's own.
func (w *Workflow) PublishWorkbook(ctx context.Context, actor access.Actor, operation, activity, name string, book *sheet.Book) (row store.FormVersion, warnings []*fault.Error, err error) {
	built, warnings, err := xlsform.Convert(book, xlsform.Options{})
	if err != nil {
		return row, warnings, err
	}
	if row, err = formVersion(built); err != nil {
		return row, warnings, err
	}
	err = w.change(ctx, actor, access.ManageForms, operation, func(s *Step) error {
		a, err := w.activity(s.Tx, operation, activity)
		if err != nil {
			return err
		}
		row.Operation, row.Activity, row.State, row.Tool, row.ToolHash = operation, a.ID, store.FormDraft, a.Tool, a.ToolHash
		if err := s.PutForm(row); err != nil {
			return err
		}
		all, err := s.Tx.Forms(operation)
		if err != nil {
			return err
		}
		return s.publish(all, row)
	})
	w.forgetTools()
	return row, warnings, err
}

// RetireForm stops handing a form version out; records made with it stay readable, and late ones are still received.
func (w *Workflow) RetireForm(ctx context.Context, actor access.Actor, operation, formID, version string) error {
	err := w.change(ctx, actor, access.ManageForms, operation, func(s *Step) error {
		if err := s.SetFormState(operation, formID, version, store.FormRetired); err != nil {
			return err
		}
		return s.Journal("form.retired", formID, map[string]any{"version": version})
	})
	w.forgetTools()
	return err
}

// FormList gives the forms that are handed out in the operation of a device.
func (w *Workflow) FormList(ctx context.Context, actor access.Actor) (list []store.FormVersion, err error) {
	err = w.read(ctx, actor, access.Collect, actor.Operation, func(tx *store.Tx) error {
		all, err := tx.Forms(actor.Operation)
		for _, row := range all {
			if row.State == store.FormPublished {
				list = append(list, row)
			}
		}
		return err
	})
	return list, err
}

// FormVersion gives one published version of a form; the newest when version is "".
func (w *Workflow) FormVersion(ctx context.Context, actor access.Actor, formID, version string) (store.FormVersion, error) {
	all, err := w.FormList(ctx, actor)
	if err != nil {
		return store.FormVersion{}, err
	}
	for _, row := range all {
		if row.FormID == formID && (version == "" || row.Version == version) {
			return row, nil
		}
	}
	return store.FormVersion{}, fault.New(fault.WorkflowNoForm, "operation", actor.Operation, "form", formID)
}

// MediaFile is one generated file of a form, the same bytes for the same data.
type MediaFile struct {
	Name  string
	Hash  string // MD5 (hex)
	Bytes []byte
}

// Media generates the files of a form for a device: the places, points and rounds it works with. They change the
// manifest, not the form's version.
func (w *Workflow) Media(ctx context.Context, actor access.Actor, formID, version string) ([]MediaFile, error) {
	row, err := w.FormVersion(ctx, actor, formID, version)
	if err != nil {
		return nil, err
	}
	if len(row.Media) == 0 {
		return nil, nil
	}
	src, err := w.mediaSource(ctx, actor, row)
	if err != nil {
		return nil, err
	}
	var files []MediaFile
	for _, name := range row.Media {
		data, err := src.file(name)
		if err != nil {
			return nil, err
		}
		if data != nil {
			files = append(files, MediaFile{Name: name, Hash: md5Hex(data), Bytes: data})
		}
	}
	return files, nil
}

// MediaFile gives one of them.
func (w *Workflow) MediaFile(ctx context.Context, actor access.Actor, formID, version, name string) (MediaFile, error) {
	files, err := w.Media(ctx, actor, formID, version)
	if err != nil {
		return MediaFile{}, err
	}
	for _, file := range files {
		if file.Name == name {
			return file, nil
		}
	}
	return MediaFile{}, fault.New(fault.WorkflowNoMedia, "form", formID, "file", name)
}

func (w *Workflow) mediaSource(ctx context.Context, actor access.Actor, row store.FormVersion) (mediaSource, error) {
	src := mediaSource{}
	err := w.Store.Read(ctx, func(tx *store.Tx) error {
		op, err := tx.Operation(actor.Operation)
		if err != nil {
			return err
		}
		src.country = op.Country
		if src.rounds, err = tx.Rounds(actor.Operation, row.Activity); err != nil {
			return err
		}
		if actor.Kind == access.Device {
			if src.device, err = tx.Device(actor.Operation, actor.ID); err != nil {
				return err
			}
		}
		src.register, err = w.registerIn(tx, op.Country)
		return err
	})
	if err == nil && slices.Contains(row.Media, locationsFile) {
		src.last, err = w.lastNumbers(ctx, actor.Operation, row.Activity, src.rounds)
	}
	return src, err
}

// lastLife is how long last numbers are not read again: phones ask often, and earlier rounds change seldom.
const lastLife = time.Minute

// knownNumbers are last numbers with the time until which they are believed.
type knownNumbers struct {
	numbers map[string]lastValues
	until   time.Time
}

// lastNumbers gives the stocks of each location in the newest round before the one that is collected now.
func (w *Workflow) lastNumbers(ctx context.Context, operation, activity string, rounds []round.Round) (map[string]lastValues, error) {
	current, open := currentRound(rounds)
	if !open {
		current.Number = math.MaxInt
	}
	key := fmt.Sprintf("%s/%s/%d", operation, activity, current.Number)
	w.mu.Lock()
	known := w.last[key]
	w.mu.Unlock()
	if w.Now().Before(known.until) {
		return known.numbers, nil
	}
	numbers := map[string]lastValues{}
	counting := true
	err := w.Store.Read(ctx, func(tx *store.Tx) error {
		return eachRecord(tx, operation, store.RecordFilter{Activity: activity, Counts: &counting}, func(rec store.StoredRecord) error {
			site := rec.Place.Site
			if site == "" || rec.Round >= current.Number || rec.Round < numbers[site].round {
				return nil
			}
			answers, err := w.currentAnswers(rec)
			if err == nil {
				numbers[site] = readLast(rec.Round, answers)
			}
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.last[key] = knownNumbers{numbers, w.Now().Add(lastLife)}
	w.mu.Unlock()
	return numbers, nil
}

// seenEvery is how often a device that only asks is noted: each note is a write.
const seenEvery = time.Minute

// Seen notes that a device asked for something, for "last seen". What it sends is noted with the receipt.
func (w *Workflow) Seen(ctx context.Context, actor access.Actor) error {
	if actor.Kind != access.Device {
		return nil
	}
	w.mu.Lock()
	due := w.Now().Sub(w.seen[actor.ID]) >= seenEvery
	if due {
		w.seen[actor.ID] = w.Now()
	}
	w.mu.Unlock()
	if !due {
		return nil
	}
	return w.Store.Write(ctx, func(tx *store.Tx) error { return tx.TouchDevice(actor.Operation, actor.ID, true) })
}

// ConvertForm turns a workbook into a form without keeping it, for form convert and form check.
func ConvertForm(name string, r io.ReaderAt, size int64) (*form.Form, []*fault.Error, error) {
	book, err := sheet.Open(name, r, size, sheet.DefaultLimits())
	if err != nil {
		return nil, nil, err
	}
	defer book.Close()
	return xlsform.Convert(book, xlsform.Options{})
}

// currentRound is the round that a device collects for now: the newest that is not closed.
func currentRound(rounds []round.Round) (round.Round, bool) {
	var best round.Round
	for _, r := range rounds {
		if r.Status == round.Collecting && r.Number > best.Number {
			best = r
		}
	}
	return best, best.Number > 0
}
