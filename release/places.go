package release

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"

	"safar/fault"
	"safar/locale"
	"safar/place"
)

// PlacesPath and WordsPath are where names, shapes and words lie in a release. Releases made before these files existed
// have neither; whoever reads them does without.
const (
	PlacesPath = "places.json"
	WordsPath  = "words.json"
)

// Places are the names and the simplified shapes of the areas as they were when the round was frozen, so that a page
// or a map can be made from the release alone. They are for drawing and carry no authority over borders.
type Places struct {
	Areas  []PlaceArea  `json:"areas"`            // by level, then code
	Points []PlacePoint `json:"points,omitempty"` // flow points that figures name, without their positions
}

// PlaceArea is one area with its names in all known languages. Geometry is there for levels 1 and 2 where it is known.
type PlaceArea struct {
	Code     string          `json:"code"`
	Level    int             `json:"level"`
	Parent   string          `json:"parent,omitempty"`
	Names    locale.Text     `json:"names,omitempty"`
	Geometry *place.Geometry `json:"geometry,omitempty"`
}

// PlacePoint is the name of a flow point and the area it lies in.
type PlacePoint struct {
	ID    string      `json:"id"`
	Area  string      `json:"area,omitempty"`
	Names locale.Text `json:"names,omitempty"`
}

// Labels are the words for codes: dimension -> code -> text. A fact's dimension may hold answers of several lists; the
// codes of one dimension of one tool never contradict each other.
type Labels map[string]map[string]locale.Text

// MeasureWords are title and definition of a measure in all languages of its tool.
type MeasureWords struct {
	Title      locale.Text `json:"title"`
	Definition locale.Text `json:"definition"`
	Agg        string      `json:"agg"`
	Unit       string      `json:"unit"`
	Kind       string      `json:"kind"`
}

// Words are the texts of the tool and the words for codes in all languages it has, so that readers of each language can
// be answered from the release alone.
type Words struct {
	Tool        locale.Text             `json:"tool,omitempty"`
	Purpose     locale.Text             `json:"purpose,omitempty"`
	Method      locale.Text             `json:"method,omitempty"`
	Limitations locale.Text             `json:"limitations,omitempty"`
	Note        string                  `json:"note,omitempty"`
	Records     int                     `json:"records"`
	Corrected   int                     `json:"corrected"`
	Measures    map[string]MeasureWords `json:"measures,omitempty"`
	Labels      Labels                  `json:"labels,omitempty"`
}

// placesFiles are the two files beside the tables, in a release whose places were frozen.
func (p *press) placesFiles() ([]File, error) {
	if p.in.Places == nil {
		return nil, nil
	}
	places, err := jsonFile(PlacesPath, p.in.Places)
	if err != nil {
		return nil, err
	}
	words := p.in.Words
	words.Note, words.Records, words.Corrected = p.in.Note, p.in.Records, p.in.Corrected
	words.Measures = make(map[string]MeasureWords, len(p.in.Measures))
	for _, m := range p.in.Measures {
		words.Measures[m.ID] = MeasureWords{Title: m.Title, Definition: m.Definition, Agg: m.Agg, Unit: m.Unit, Kind: m.Kind}
	}
	texts, err := jsonFile(WordsPath, words)
	return []File{places, texts}, err
}

// jsonFile writes a value as JSON with sorted keys and LF at the end.
func jsonFile(path string, value any) (File, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return File{}, err
	}
	return File{Path: path, Bytes: b.Bytes()}, nil
}

// ReadPlaces reads names and shapes of a release; a release without them gives an empty value.
func ReadPlaces(fsys fs.FS) (p Places, err error) {
	err = readJSON(fsys, PlacesPath, &p)
	return p, err
}

// ReadWords reads the texts of a release; a release without them gives an empty value.
func ReadWords(fsys fs.FS) (w Words, err error) {
	err = readJSON(fsys, WordsPath, &w)
	return w, err
}

func readJSON(fsys fs.FS, path string, into any) error {
	data, err := fs.ReadFile(fsys, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		return fault.Wrap(err, fault.ReleaseNotFolder, "dir", path, "reason", "it cannot be read")
	}
	return nil
}
