package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"safar/access"
	"safar/record"
	"safar/store"
	"safar/workflow"
)

// export measures records of 250 questions as CSV.
func export(ctx context.Context, b *bench) (t table, err error) {
	t = table{Title: fmt.Sprintf("%d records of %d questions as CSV", b.exported, questions), Columns: []string{"s", "records/s", "CPU ms a record", "first byte ms", "MB"}}
	d, err := openDesk(ctx, filepath.Join(b.dir, "data"), "")
	if err != nil {
		return t, err
	}
	defer func() {
		if end := d.close(); err == nil {
			err = end
		}
	}()
	if err := d.fill(ctx, b.exported); err != nil {
		return t, err
	}
	for range 2 {
		t.Rows = nil // the second run counts: the first warms up
		out := &counter{}
		watch := startWatch()
		rows, err := d.Export(ctx, local(), workflow.ExportOrder{Operation: operation, Filter: workflow.RecordFilter{Activity: baseline}, Form: formID, Format: "csv"}, out)
		if err != nil || rows != b.exported {
			return t, fmt.Errorf("%d rows of %d: %w", rows, b.exported, err)
		}
		wall, cpu := watch.lap()
		t.add(measured, "Safar", wall.Seconds(), per(rows, wall), each(cpu, rows), milliseconds(out.first.Sub(watch.began)), float64(out.bytes)/1e6)
	}
	t.add(yardstick, "ODK Central 2026.2: 21,010 records", "9.9-10.3", "2100", nil, "240", "44.7")
	t.add(target, "design section 9: 21,000 records", "< 1", nil, nil, nil, nil)
	return t, nil
}

// fill receives some records and copies them in the store until there are enough, as the yardstick's were.
func (d *desk) fill(ctx context.Context, want int) error {
	if err := d.furnish(ctx, baseline); err != nil {
		return err
	}
	if _, err := d.publish(ctx, baseline); err != nil {
		return err
	}
	received := min(want, 100)
	for n := range received {
		_, err := d.Receive(ctx, access.Actor{Kind: access.Local, Name: "local:bench"}, workflow.Submission{Operation: operation, Source: record.FromDevice, XML: submission(n)})
		if err != nil {
			return err
		}
	}
	if err := d.Drain(ctx); err != nil {
		return err
	}
	var seeds []store.StoredRecord
	err := d.store.Read(ctx, func(tx *store.Tx) (err error) {
		seeds, err = tx.Records(operation, store.RecordFilter{Form: formID, Limit: received})
		return err
	})
	for n := received; n < want && err == nil; n += 500 {
		err = d.store.Write(ctx, func(tx *store.Tx) error { return copies(tx, seeds, n, min(n+500, want)) })
	}
	return err
}

func copies(tx *store.Tx, seeds []store.StoredRecord, from, to int) error {
	if len(seeds) == 0 {
		return errors.New("there is no record to copy")
	}
	for n := from; n < to; n++ {
		r := seeds[n%len(seeds)]
		r.ID, r.InstanceID = record.ID(tx.NewID()), fmt.Sprintf("uuid:copy-%d", n)
		if err := tx.InsertRecord(r.Record, r.AnswersJSON, nil); err != nil {
			return err
		}
		if _, _, err := tx.Append(operation, store.Entry{Actor: "local:bench", Kind: "record.received", Subject: string(r.ID)}); err != nil {
			return err
		}
	}
	return nil
}

// counter counts what is written and notes when it began.
type counter struct {
	bytes int64
	first time.Time
}

func (c *counter) Write(p []byte) (int, error) {
	if c.bytes == 0 {
		c.first = time.Now()
	}
	c.bytes += int64(len(p))
	return len(p), nil
}
