package toolbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"safar/fault"
	"safar/quality"
)

// Bounds on one pack. The largest of ours has under 300 KB.
const (
	maxFiles = 200
	maxBytes = 8 << 20
)

// Sheets are the three sheets of one questionnaire as rows of text, headers first. A survey sheet gives no labels: they
// come from the dictionary, unless a cell of the columns label, hint, constraint_message or required_message overrides
// them with a text or with @key, a shared text of the dictionary.
type Sheets struct {
	Survey, Choices, Settings [][]string
}

// LoadPack reads the pack in a folder.
func LoadPack(folder fs.FS) (*Pack, error) {
	files := map[string][]byte{}
	size := 0
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		data, err := readBounded(folder, name)
		if err != nil {
			return err
		}
		files[name] = data
		if size += len(data); size > maxBytes || len(files) > maxFiles {
			return fault.New(fault.ToolboxTooLarge, "tool", "in this folder", "limit", "200 files or 8 MiB")
		}
		return nil
	})
	if err != nil {
		return nil, unreadable(err, "")
	}
	return parsePack(files)
}

func readBounded(folder fs.FS, name string) ([]byte, error) {
	f, err := folder.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxBytes+1))
}

// Bundle is the whole pack in one canonical piece of bytes: a JSON object of its files by path, sorted.
func (p *Pack) Bundle() ([]byte, error) {
	texts := make(map[string]string, len(p.files))
	for name, data := range p.files {
		texts[name] = string(data)
	}
	return json.Marshal(texts)
}

// Hash is the SHA-256 of the bundle in hex.
func (p *Pack) Hash() string { return p.hash }

// Unbundle reads what Bundle wrote.
func Unbundle(bundle []byte) (*Pack, error) {
	if len(bundle) > 2*maxBytes {
		return nil, fault.New(fault.ToolboxTooLarge, "tool", "in this bundle", "limit", "16 MiB")
	}
	texts := map[string]string{}
	if err := json.Unmarshal(bundle, &texts); err != nil {
		return nil, unreadable(err, "")
	}
	files := make(map[string][]byte, len(texts))
	for name, text := range texts {
		files[name] = []byte(text)
	}
	return parsePack(files)
}

func parsePack(files map[string][]byte) (*Pack, error) {
	p := &Pack{files: files, Sheets: map[string]Sheets{}}
	var checks struct {
		Checks []quality.Check `yaml:"checks"`
	}
	for _, part := range []struct {
		file string
		into any
	}{{"tool.yaml", &p.Tool}, {"checks.yaml", &checks}, {"measures.yaml", &p.Measures}, {"report.yaml", &p.Report}, {"practice.yaml", &p.Practice}} {
		if err := p.decode(part.file, part.into); err != nil {
			return nil, err
		}
	}
	p.Checks = checks.Checks
	guide, err := p.file("guide.md")
	if err != nil {
		return nil, err
	}
	p.Guide = string(guide)
	if p.ID == "" || len(p.Forms) == 0 {
		return nil, fault.New(fault.ToolboxUnreadable, "why", "it gives no id or no forms").In(fault.Where{File: "tool.yaml"})
	}
	for _, f := range p.Forms {
		if p.Sheets[f.ID], err = p.sheets(f.ID); err != nil {
			return nil, err
		}
	}
	bundle, err := p.Bundle()
	if err != nil {
		return nil, fault.Internalf(err, "bundling the tool %s", p.ID)
	}
	sum := sha256.Sum256(bundle)
	p.hash = hex.EncodeToString(sum[:])
	return p, nil
}

func (p *Pack) file(name string) ([]byte, error) {
	data, ok := p.files[name]
	if !ok {
		return nil, fault.New(fault.ToolboxMissing, "tool", p.ID, "file", name)
	}
	return data, nil
}

func (p *Pack) decode(name string, into any) error {
	data, err := p.file(name)
	if err != nil {
		return err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return unreadable(err, name)
	}
	return nil
}

func (p *Pack) sheets(id string) (s Sheets, err error) {
	for _, one := range []struct {
		name string
		into *[][]string
	}{{"survey.csv", &s.Survey}, {"choices.csv", &s.Choices}, {"settings.csv", &s.Settings}} {
		name := path.Join(formFolder(id), one.name)
		data, err := p.file(name)
		if err != nil {
			return s, err
		}
		reader := csv.NewReader(bytes.NewReader(data))
		reader.FieldsPerRecord = -1
		if *one.into, err = reader.ReadAll(); err != nil {
			return s, unreadable(err, name)
		}
		if len(*one.into) == 0 {
			return s, fault.New(fault.ToolboxUnreadable, "why", "it has no header").In(fault.Where{File: name})
		}
	}
	return s, nil
}

func unreadable(err error, file string) error {
	var known *fault.Error
	if errors.As(err, &known) {
		return known
	}
	return fault.Wrap(err, fault.ToolboxUnreadable, "why", err.Error()).In(fault.Where{File: file})
}
