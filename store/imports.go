package store

import "time"

// ImportState says whether an import counts.
type ImportState string

// The states.
const (
	ImportStarted ImportState = "started" // under way, or cut short: it can be undone
	ImportDone    ImportState = "done"
	ImportUndone  ImportState = "undone"
)

// Import is one workbook that was read.
type Import struct {
	Operation string
	ID        string
	Activity  string
	Round     int
	File      string // name as the user knows it
	FileSHA   string // names the blob with the workbook
	Sheet     string
	Mapping   []byte // YAML
	Actor     string
	At        time.Time
	State     ImportState
	Rows      int // rows read
	Inserted  int
	Changed   int
	Skipped   int // the same content again
	Failed    int
}

// PutImport adds an import or changes its state and counts.
func (tx *Tx) PutImport(i Import) error {
	if i.At.IsZero() {
		i.At = tx.now
	}
	return tx.put(`INSERT INTO import (operation, id, activity, round, file, file_sha256, sheet, actor, at, state, rows_read, inserted, changed, skipped, failed, mapping)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (operation, id) DO UPDATE SET state = excluded.state,
		rows_read = excluded.rows_read, inserted = excluded.inserted, changed = excluded.changed, skipped = excluded.skipped, failed = excluded.failed`,
		i.Operation, i.ID, i.Activity, i.Round, i.File, i.FileSHA, i.Sheet, i.Actor, micros(i.At), string(i.State), i.Rows, i.Inserted, i.Changed, i.Skipped, i.Failed, i.Mapping)
}

const importColumns = "operation, id, activity, round, file, file_sha256, sheet, actor, at, state, rows_read, inserted, changed, skipped, failed, mapping"

func scanImport(r row) (i Import, err error) {
	var at int64
	err = r.Scan(&i.Operation, &i.ID, &i.Activity, &i.Round, &i.File, &i.FileSHA, &i.Sheet, &i.Actor, &at, &i.State, &i.Rows, &i.Inserted, &i.Changed, &i.Skipped, &i.Failed, &i.Mapping)
	i.At = instant(at)
	return i, err
}

// Import gives one import; fault store.not_found.
func (tx *Tx) Import(op, id string) (Import, error) {
	return named(tx, "import", id, scanImport, "SELECT "+importColumns+" FROM import WHERE operation = $1 AND id = $2", op, id)
}

// Imports lists the imports of an operation, newest first.
func (tx *Tx) Imports(op string) ([]Import, error) {
	return list(tx, scanImport, "SELECT "+importColumns+" FROM import WHERE operation = $1 ORDER BY id DESC", op)
}

// RowError is one cell or row of a workbook that could not be read.
type RowError struct {
	Sheet   string            `json:"sheet,omitempty"`
	Row     int               `json:"row"`
	Column  string            `json:"column,omitempty"`
	Code    string            `json:"code"` // of the fault
	Details map[string]string `json:"details,omitempty"`
	Message string            `json:"message"` // in English, with the mend
}

// PutImportErrors adds errors to an import, behind those it has.
func (tx *Tx) PutImportErrors(op, id string, rows []RowError) error {
	number, err := first(tx, value[int64], "SELECT coalesce(max(number), 0) FROM import_error WHERE operation = $1 AND import = $2", op, id)
	if err != nil {
		return err
	}
	for i, e := range rows {
		data, err := toJSON(e)
		if err != nil {
			return err
		}
		err = tx.put("INSERT INTO import_error (operation, import, number, data) VALUES ($1, $2, $3, $4)", op, id, number+int64(i)+1, data)
		if err != nil {
			return err
		}
	}
	return nil
}

// ImportErrors lists the errors of an import in the order they were met.
func (tx *Tx) ImportErrors(op, id string) ([]RowError, error) {
	return list(tx, fromJSON[RowError], "SELECT data FROM import_error WHERE operation = $1 AND import = $2 ORDER BY number", op, id)
}
