package store

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"slices"
	"time"
	"unicode/utf8"

	"safar/fault"
)

// table is one table in a backup, with the columns of its primary key, by which its rows are sorted.
type table struct {
	name, key string
	since     int // number of the migration that made it; 0 stands for the first
}

// tables lists what a backup of a schema holds, in an order in which rows can be put back under the foreign keys. The
// tables installation and migration are not in it: they speak of the database and not of its content.
func tables(schema int) []table {
	return slices.DeleteFunc(allTables(), func(t table) bool { return t.since > schema })
}

func allTables() []table {
	return []table{
		{name: "setting", key: "name"},
		{name: "data_key", key: "operation, number"},
		{name: "person", key: "id"},
		{name: "token", key: "hash"},
		{name: "session", key: "hash"},
		{name: "area", key: "country, code"},
		{name: "area_closure", key: "country, ancestor, descendant"},
		{name: "site", key: "country, ssid"},
		{name: "flow_point", key: "country, id"},
		{name: "operation", key: "slug"},
		{name: "activity", key: "operation, id"},
		{name: "round", key: "operation, activity, number"},
		{name: "target", key: "operation, activity, round, unit"},
		{name: "form", key: "operation, form, version"},
		{name: "device", key: "operation, id"},
		{name: "blob", key: "operation, sha256, part"},
		{name: "record", key: "operation, id"},
		{name: "identity", key: "operation, record"},
		{name: "correction", key: "operation, id"},
		{name: "attachment", key: "operation, record, name"},
		{name: "finding", key: "operation, id"},
		{name: "journal", key: "operation, node, seq"},
		{name: "journal_body", key: "operation, id"},
		{name: "job", key: "operation, id"},
		{name: "import", key: "operation, id"},
		{name: "import_error", key: "operation, import, number"},
		{name: "release", key: "operation, id"},
		{name: "release_file", key: "operation, release, path"},
	}
}

// backupHead is the first line inside a backup.
type backupHead struct {
	Format        int       `json:"format"` // 1
	CreatedAt     time.Time `json:"created_at"`
	Engine        string    `json:"engine"` // it came from
	Schema        int       `json:"schema"` // number of the last migration
	Node          string    `json:"node"`
	PlacesVersion int64     `json:"places_version"`
	MasterKey     string    `json:"master_key"` // hex
}

// tableHead goes before the rows of a table. Kinds has one letter per column: t text, i integer, b bytes.
type tableHead struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
	Kinds   string   `json:"kinds"`
}

// tableSum closes a backup, one per table.
type tableSum struct {
	Table  string `json:"table"`
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"` // of the rows as they are written
}

const backupFormat = 1

// Backup writes a whole copy of one moment, encrypted with the passphrase, while the store goes on working. It reads
// back into either engine. The keys are in it, so the passphrase alone opens everything.
func (s *Store) Backup(ctx context.Context, w io.Writer, passphrase string) error {
	if utf8.RuneCountInString(passphrase) < leastPass {
		return fault.New(fault.StorePassphraseShort, "least", fmt.Sprint(leastPass))
	}
	frames, err := newFrameWriter(w, passphrase)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(frames, frameSize)
	if err := s.Read(ctx, func(tx *Tx) error { return tx.dump(out) }); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return frames.Close()
}

// dump writes the plain content of a backup.
func (tx *Tx) dump(w io.Writer) error {
	head := backupHead{Format: backupFormat, CreatedAt: tx.now, Engine: tx.s.engine.name, Node: tx.s.node, MasterKey: hex.EncodeToString(tx.s.master)}
	var err error
	if head.Schema, err = first(tx, value[int], "SELECT max(number) FROM migration"); err != nil {
		return err
	}
	if head.PlacesVersion, err = tx.PlacesVersion(); err != nil {
		return err
	}
	if err := writeLine(w, head); err != nil {
		return err
	}
	sums := make([]tableSum, 0, len(allTables()))
	for _, t := range tables(head.Schema) {
		sum, err := tx.dumpTable(w, t)
		if err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
		sums = append(sums, sum)
	}
	return writeLine(w, sums)
}

func writeLine(w io.Writer, v any) error {
	line, err := json.Marshal(v)
	if err == nil {
		_, err = w.Write(append(line, '\n'))
	}
	return err
}

// dumpTable writes a table's head and rows, each row behind a 1, and a 0 at the end.
func (tx *Tx) dumpTable(w io.Writer, t table) (tableSum, error) {
	sum := tableSum{Table: t.name}
	rows, err := tx.conn.query(tx.ctx, "SELECT * FROM "+t.name+" ORDER BY "+t.key, nil)
	if err != nil {
		return sum, tx.failed(err)
	}
	defer rows.Close()
	head, err := describe(rows, t.name)
	if err != nil {
		return sum, err
	}
	if err := writeLine(w, head); err != nil {
		return sum, err
	}
	hashed := sha256.New()
	values := newRowValues(head.Kinds)
	var line []byte
	for rows.Next() {
		if err := rows.Scan(values.pointers...); err != nil {
			return sum, tx.failed(err)
		}
		line = values.encode(append(line[:0], 1))
		hashed.Write(line[1:])
		sum.Rows++
		if _, err := w.Write(line); err != nil {
			return sum, err
		}
	}
	sum.SHA256 = hex.EncodeToString(hashed.Sum(nil))
	if _, err := w.Write([]byte{0}); err != nil {
		return sum, err
	}
	return sum, tx.failed(rows.Err())
}

// describe reads the columns of a result.
func describe(rows *sql.Rows, name string) (tableHead, error) {
	head := tableHead{Table: name}
	types, err := rows.ColumnTypes()
	for _, c := range types {
		head.Columns = append(head.Columns, c.Name())
		switch c.DatabaseTypeName() {
		case "TEXT":
			head.Kinds += "t"
		case "INTEGER", "INT8":
			head.Kinds += "i"
		case "BLOB", "BYTEA":
			head.Kinds += "b"
		default:
			return head, fmt.Errorf("column %s has type %s, which backups do not know", c.Name(), c.DatabaseTypeName())
		}
	}
	return head, err
}

// rowValues holds one row while it is copied.
type rowValues struct {
	kinds    string
	texts    []sql.RawBytes
	numbers  []int64
	pointers []any
}

func newRowValues(kinds string) *rowValues {
	v := &rowValues{kinds: kinds, texts: make([]sql.RawBytes, len(kinds)), numbers: make([]int64, len(kinds)), pointers: make([]any, len(kinds))}
	for i, kind := range kinds {
		v.pointers[i] = &v.texts[i]
		if kind == 'i' {
			v.pointers[i] = &v.numbers[i]
		}
	}
	return v
}

// encode appends the row: integers as zigzag varints, text and bytes behind their length as varint.
func (v *rowValues) encode(b []byte) []byte {
	for i, kind := range v.kinds {
		if kind == 'i' {
			b = binary.AppendVarint(b, v.numbers[i])
			continue
		}
		b = binary.AppendUvarint(b, uint64(len(v.texts[i])))
		b = append(b, v.texts[i]...)
	}
	return b
}

// longestValue bounds one value of a backup that is read: more than any column holds.
const longestValue = 256 << 20

// decode reads a row that encode wrote into arguments of a statement.
func decode(r *bufio.Reader, kinds string, sum hash.Hash) ([]any, error) {
	row := make([]any, len(kinds))
	var head []byte
	for i, kind := range kinds {
		if kind == 'i' {
			n, err := binary.ReadVarint(r)
			if err != nil {
				return nil, cut(err)
			}
			row[i] = n
			head = binary.AppendVarint(head[:0], n)
			sum.Write(head)
			continue
		}
		size, err := binary.ReadUvarint(r)
		if err != nil {
			return nil, cut(err)
		}
		if size > longestValue {
			return nil, backupDamaged("a value is too long")
		}
		text := make([]byte, size)
		if _, err := io.ReadFull(r, text); err != nil {
			return nil, cut(err)
		}
		head = binary.AppendUvarint(head[:0], size)
		sum.Write(head)
		sum.Write(text)
		row[i] = text
		if kind == 't' {
			row[i] = string(text)
		}
	}
	return row, nil
}

// cut turns an early end into a fault; faults of the frames below stay.
func cut(err error) error {
	if fault.CodeOf(err) != "" {
		return err
	}
	return backupDamaged("it ends too early")
}

// rewrap encrypts a data key anew for another master key.
func rewrap(op string, number int64, wrapped []byte, from, to *key) ([]byte, error) {
	purpose := keyPurpose(op, uint32(number))
	secret, err := from.open(wrapped, purpose)
	if err != nil {
		return nil, backupDamaged("a key does not open")
	}
	return to.seal(rand.Reader, secret, purpose)
}
