package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"safar/fault"
)

// FormState says whether a form version is handed out.
type FormState string

// The states.
const (
	FormDraft     FormState = "draft"
	FormPublished FormState = "published"
	FormRetired   FormState = "retired"
)

// FormVersion is one version of a questionnaire. Its content never changes; only its state does.
type FormVersion struct {
	Operation   string
	Activity    string
	FormID      string
	Version     string
	State       FormState
	Title       string
	Definition  []byte   // JSON of form.Form
	XForm       []byte   // the XForm as clients get it
	Hash        string   // MD5 (hex) of XForm, as OpenRosa's form list asks for
	Media       []string // names of generated media
	PublishedAt time.Time
	Tool        string
	ToolHash    string
}

// PutForm adds a form version. The same version with the same content is left as it is; with other content it is the
// fault store.form_exists.
func (tx *Tx) PutForm(f FormVersion) error {
	old, err := tx.Form(f.Operation, f.FormID, f.Version)
	if err == nil {
		if old.same(&f) {
			return nil
		}
		return fault.New(fault.StoreFormExists, "form", f.FormID, "version", f.Version)
	}
	if fault.CodeOf(err) != fault.StoreNotFound {
		return err
	}
	media, err := toJSON(f.Media)
	if err != nil {
		return err
	}
	return tx.put(`INSERT INTO form (operation, form, version, activity, state, title, hash, media, published_at, tool, tool_hash, definition, xform)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, f.Operation, f.FormID, f.Version, f.Activity, string(f.State), f.Title,
		f.Hash, media, micros(f.PublishedAt), f.Tool, f.ToolHash, f.Definition, f.XForm)
}

// same says whether two versions have one content; state and time of publishing are not content.
func (f *FormVersion) same(g *FormVersion) bool {
	return f.Activity == g.Activity && f.Title == g.Title && f.Hash == g.Hash && f.Tool == g.Tool && f.ToolHash == g.ToolHash &&
		slices.Equal(f.Media, g.Media) && bytes.Equal(f.Definition, g.Definition) && bytes.Equal(f.XForm, g.XForm)
}

const formColumns = "operation, form, version, activity, state, title, hash, media, published_at, tool, tool_hash, definition, xform"

func scanForm(r row) (f FormVersion, err error) {
	var media []byte
	var published int64
	err = r.Scan(&f.Operation, &f.FormID, &f.Version, &f.Activity, &f.State, &f.Title, &f.Hash, &media, &published, &f.Tool, &f.ToolHash, &f.Definition, &f.XForm)
	f.PublishedAt = instant(published)
	return f, errors.Join(err, json.Unmarshal(media, &f.Media))
}

// Form gives one version; fault store.not_found.
func (tx *Tx) Form(op, id, version string) (FormVersion, error) {
	return named(tx, "form", id+" version "+version, scanForm,
		"SELECT "+formColumns+" FROM form WHERE operation = $1 AND form = $2 AND version = $3", op, id, version)
}

// Forms lists all versions of all forms of an operation by form and version.
func (tx *Tx) Forms(op string) ([]FormVersion, error) {
	return list(tx, scanForm, "SELECT "+formColumns+" FROM form WHERE operation = $1 ORDER BY form, version", op)
}

// SetFormState publishes or retires a version. The first publishing sets its time.
func (tx *Tx) SetFormState(op, id, version string, state FormState) error {
	n, err := tx.exec("UPDATE form SET state = $1, published_at = CASE WHEN published_at = 0 AND $1 = 'published' THEN $2 ELSE published_at END WHERE operation = $3 AND form = $4 AND version = $5",
		string(state), micros(tx.now), op, id, version)
	return touched(n, err, "form", id+" version "+version)
}
