package store

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"safar/fault"
)

// Report says what a restore brought back and proved.
type Report struct {
	CreatedAt time.Time        // when the backup was made
	Engine    string           // the backup came from
	Rows      map[string]int64 // by table
	Chains    []ChainReport    // all whole
	Blobs     int64            // read and found right
}

// Restore reads a backup into the data that cfg names, which must hold nothing yet, and proves it: the hash of every
// table as it lies in the new database, every chain of the journal, every blob. Until all is proven Open refuses the
// data with store.restore_unfinished. Without a master key in cfg or in the folder the backup's own is used. A backup of
// an older Safar is brought up to date. Faults: store.not_a_backup, store.passphrase, store.backup_damaged,
// store.not_empty, store.newer_version and those of Open.
func Restore(ctx context.Context, r io.Reader, passphrase string, cfg Config) (Report, error) {
	frames, err := newFrameReader(r, passphrase)
	if err != nil {
		return Report{}, err
	}
	in := &restoration{in: bufio.NewReaderSize(frames, frameSize)}
	if err := in.readHead(); err != nil {
		return Report{}, err
	}
	ownKey := cfg.MasterKey == nil && cfg.Dir != "" && !exists(filepath.Join(cfg.Dir, keyFile))
	if cfg.MasterKey == nil && (ownKey || cfg.Dir == "") {
		cfg.MasterKey = in.master
	}
	s, err := open(ctx, cfg, migrations()[:in.head.Schema])
	if err != nil {
		return Report{}, err
	}
	in.s = s
	if ownKey {
		err = writeNew(s.dir, keyFile, []byte(hex.EncodeToString(in.master)+"\n"))
	}
	if err == nil {
		err = in.restore(ctx)
	}
	if err == nil {
		err = in.finish(ctx)
	}
	return in.report, errors.Join(err, s.Close())
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// restoration is one restore under way.
type restoration struct {
	in     *bufio.Reader
	s      *Store
	head   backupHead
	master []byte // of the backup
	from   *key   // the same, to open its data keys
	sums   []tableSum
	report Report
}

// readHead reads the first line and checks that we can read the rest.
func (in *restoration) readHead() error {
	if err := in.line(&in.head); err != nil {
		return err
	}
	if in.head.Format > backupFormat || in.head.Schema > len(migrations()) {
		return newer("the backup", in.head.Schema, len(migrations()))
	}
	if in.head.Format != backupFormat || in.head.Schema < 1 || in.head.Node == "" {
		return backupDamaged("its first line is wrong")
	}
	var err error
	if in.master, err = hex.DecodeString(in.head.MasterKey); err != nil || len(in.master) != keySize {
		return backupDamaged("its key is wrong")
	}
	in.from, err = newKey(0, in.master)
	in.report = Report{CreatedAt: in.head.CreatedAt, Engine: in.head.Engine, Rows: map[string]int64{}}
	return err
}

// line reads a line of JSON.
func (in *restoration) line(v any) error {
	var text []byte
	for {
		piece, err := in.in.ReadSlice('\n')
		text = append(text, piece...)
		if err == nil {
			break
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return cut(err)
		}
		if len(text) > longestLine {
			return backupDamaged("a line is too long")
		}
	}
	if json.Unmarshal(text, v) != nil {
		return backupDamaged("a line is not what it should be")
	}
	return nil
}

// restore reads every table and proves the result.
func (in *restoration) restore(ctx context.Context) error {
	if err := in.begin(ctx); err != nil {
		return err
	}
	for _, t := range tables(in.head.Schema) {
		if err := in.table(ctx, t); err != nil {
			return err
		}
	}
	var stated []tableSum
	if err := in.line(&stated); err != nil {
		return err
	}
	if !slices.Equal(stated, in.sums) {
		return backupDamaged("its rows are not what its last line says")
	}
	if _, err := in.in.ReadByte(); !errors.Is(err, io.EOF) {
		return backupDamaged("there is more behind its end")
	}
	return in.prove(ctx)
}

// begin refuses a target with content, marks it as unfinished and takes over the backup's node.
func (in *restoration) begin(ctx context.Context) error {
	err := in.s.Write(ctx, func(tx *Tx) error {
		for _, t := range tables(in.head.Schema) {
			n, err := first(tx, value[int64], "SELECT count(*) FROM (SELECT 1 FROM "+t.name+" LIMIT 1) one")
			if err != nil {
				return err
			}
			if n > 0 {
				return fault.New(fault.StoreNotEmpty)
			}
		}
		for name, v := range map[string]string{restoring: "1", nodeID: in.head.Node, placesNow: strconv.FormatInt(in.head.PlacesVersion, 10)} {
			err := tx.put("INSERT INTO installation (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, []byte(v))
			if err != nil {
				return err
			}
		}
		return nil
	})
	in.s.node = in.head.Node
	return err
}

// How many rows and bytes one write of a restore holds.
const (
	restoreRows  = 500
	restoreBytes = 8 << 20
)

// table reads one table in batches.
func (in *restoration) table(ctx context.Context, t table) error {
	var head tableHead
	if err := in.line(&head); err != nil {
		return err
	}
	if head.Table != t.name || len(head.Kinds) != len(head.Columns) || strings.Trim(head.Kinds, "tib") != "" || !plainNames(head.Columns) {
		return backupDamaged("the table " + t.name + " is not where it should be")
	}
	sum := tableSum{Table: t.name}
	hashed := sha256.New()
	for more := true; more; {
		var batch [][]any
		for size := 0; len(batch) < restoreRows && size < restoreBytes; {
			mark, err := in.in.ReadByte()
			if err != nil {
				return cut(err)
			}
			if more = mark == 1; !more {
				break
			}
			row, err := decode(in.in, head.Kinds, hashed)
			if err != nil {
				return err
			}
			batch = append(batch, row)
			size += rowSize(row)
		}
		if err := in.insert(ctx, head, batch); err != nil {
			return err
		}
		sum.Rows += int64(len(batch))
	}
	sum.SHA256 = hex.EncodeToString(hashed.Sum(nil))
	in.sums = append(in.sums, sum)
	in.report.Rows[t.name] = sum.Rows
	return nil
}

// plainNames makes sure that column names of a foreign file are names and nothing else.
func plainNames(names []string) bool {
	return len(names) > 0 && !slices.ContainsFunc(names, func(name string) bool {
		return name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != ""
	})
}

func rowSize(row []any) (n int) {
	for _, v := range row {
		switch v := v.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		}
	}
	return n
}

// insert writes rows; data keys are wrapped for the target's master key on the way.
func (in *restoration) insert(ctx context.Context, head tableHead, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	places := make([]string, len(head.Columns))
	for i := range places {
		places[i] = "$" + strconv.Itoa(i+1)
	}
	text := "INSERT INTO " + head.Table + " (" + strings.Join(head.Columns, ", ") + ") VALUES (" + strings.Join(places, ", ") + ")"
	return in.s.Write(ctx, func(tx *Tx) error {
		for _, row := range rows {
			if head.Table == "data_key" {
				if err := in.rewrapRow(head, row); err != nil {
					return err
				}
			}
			if err := tx.put(text, row...); err != nil {
				return err
			}
		}
		return nil
	})
}

func (in *restoration) rewrapRow(head tableHead, row []any) error {
	if !slices.Equal(head.Columns, []string{"operation", "number", "wrapped", "created_at"}) || head.Kinds != "tibi" {
		return backupDamaged("its keys are not where they should be")
	}
	wrapped, err := rewrap(row[0].(string), row[1].(int64), row[2].([]byte), in.from, in.s.keys.master)
	row[2] = wrapped
	return err
}

// prove reads everything back from the target.
func (in *restoration) prove(ctx context.Context) error {
	var operations []string
	err := in.s.Read(ctx, func(tx *Tx) (err error) {
		if err := in.compare(tx); err != nil {
			return err
		}
		operations, err = tx.operationsWithKeys()
		return err
	})
	for _, op := range operations {
		if err == nil {
			err = in.proveOperation(ctx, op)
		}
	}
	return err
}

// compare hashes the tables as they lie in the target. Keys are wrapped anew, so theirs differs; that they open is seen
// with the first thing they decrypt.
func (in *restoration) compare(tx *Tx) error {
	for i, t := range tables(in.head.Schema) {
		sum, err := tx.dumpTable(io.Discard, t)
		if err != nil {
			return err
		}
		if sum != in.sums[i] && t.name != "data_key" {
			return fmt.Errorf("restored table %s differs from the backup", t.name)
		}
	}
	return nil
}

func (in *restoration) proveOperation(ctx context.Context, op string) error {
	chains, err := in.s.VerifyJournal(ctx, op)
	if err != nil {
		return err
	}
	for _, c := range chains {
		if c.Broken > 0 {
			return backupDamaged(fmt.Sprintf("entry %d of the journal of %q: %s", c.Broken, op, c.Reason))
		}
	}
	in.report.Chains = append(in.report.Chains, chains...)
	var bad error
	n, err := in.s.VerifyBlobs(ctx, op, func(_ string, err error) { bad = err })
	in.report.Blobs += n
	if bad != nil {
		bad = backupDamaged(bad.Error())
	}
	return errors.Join(err, bad)
}

// finish brings the target's schema up to date and opens it for use.
func (in *restoration) finish(ctx context.Context) error {
	if err := in.s.engine.migrate(ctx, in.s, in.head.Schema, migrations()); err != nil {
		return err
	}
	return in.s.Write(ctx, func(tx *Tx) error { return tx.put("DELETE FROM installation WHERE name = $1", restoring) })
}
