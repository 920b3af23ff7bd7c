package release

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"strconv"
	"strings"

	"safar/fault"
)

// Bounds on a folder that someone else may have made.
const (
	maxFiles     = 10_000
	maxFileBytes = 1 << 30
)

// Open reads the manifest of a release folder.
func Open(fsys fs.FS) (Manifest, error) {
	data, err := fs.ReadFile(fsys, ManifestPath)
	if err != nil {
		return Manifest{}, fault.Wrap(err, fault.ReleaseNotFolder, "dir", "the folder", "reason", "there is no manifest.json in it")
	}
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return Manifest{}, fault.Wrap(err, fault.ReleaseNotFolder, "dir", "the folder", "reason", "manifest.json is not JSON")
	}
	if m.Format != Format {
		return Manifest{}, fault.New(fault.ReleaseFormat, "format", strconv.Quote(m.Format), "known", Format)
	}
	if len(m.Files) > maxFiles {
		return Manifest{}, fault.New(fault.ReleaseNotFolder, "dir", "the folder", "reason", "its manifest names more than "+strconv.Itoa(maxFiles)+" files")
	}
	return m, nil
}

// Verify checks a folder against its manifest: every file present, unchanged, none added, and every table footing with
// its totals. It needs nothing but the folder. The problems are all that were found, not the first one.
func Verify(fsys fs.FS) (Manifest, []error, error) {
	m, err := Open(fsys)
	if err != nil {
		return Manifest{}, nil, err
	}
	var problems []error
	named := map[string]bool{ManifestPath: true}
	for _, entry := range m.Files {
		named[entry.Path] = true
		problems = append(problems, verifyFile(fsys, entry)...)
	}
	extra, err := unnamed(fsys, named)
	if err != nil {
		return m, nil, err
	}
	for _, path := range extra {
		problems = append(problems, fault.New(fault.ReleaseFileExtra, "file", path))
	}
	return m, append(problems, verifyFooting(fsys, m)...), nil
}

func verifyFile(fsys fs.FS, entry FileEntry) []error {
	if !fs.ValidPath(entry.Path) || entry.Bytes > maxFileBytes {
		return []error{fault.New(fault.ReleaseFileMissing, "file", entry.Path)}
	}
	data, err := fs.ReadFile(fsys, entry.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return []error{fault.New(fault.ReleaseFileMissing, "file", entry.Path)}
	}
	if err != nil {
		return []error{err}
	}
	if have := Hash(data); have != entry.SHA256 {
		return []error{fault.New(fault.ReleaseFileChanged, "file", entry.Path, "have", have, "want", entry.SHA256)}
	}
	return nil
}

func unnamed(fsys fs.FS, named map[string]bool) ([]string, error) {
	var extra []string
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !named[path] {
			extra = append(extra, path)
		}
		return err
	})
	return extra, err
}

// Row is one line of a data file by column name.
type Row map[string]string

// ReadTable reads a data file of a release; the HXL row is left out.
func ReadTable(fsys fs.FS, path string) ([]Row, error) {
	file, err := fsys.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, fault.Wrap(err, fault.ReleaseNotFolder, "dir", path, "reason", err.Error())
	}
	if len(lines) == 0 {
		return nil, nil
	}
	var rows []Row
	for i, line := range lines[1:] {
		if i == 0 && isHXL(line) {
			continue
		}
		row := Row{}
		for c, name := range lines[0] {
			row[name] = strings.TrimPrefix(line[c], "'")
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func isHXL(line []string) bool {
	tags := 0
	for _, cell := range line {
		if strings.HasPrefix(cell, "#") {
			tags++
		} else if cell != "" {
			return false
		}
	}
	return tags > 0
}

// FindCell finds the row of a cell in whichever data file has it.
func FindCell(fsys fs.FS, m Manifest, cell string) (path string, row Row, err error) {
	for _, entry := range m.Files {
		if !strings.HasPrefix(entry.Path, "data/") {
			continue
		}
		rows, err := ReadTable(fsys, entry.Path)
		if err != nil {
			return "", nil, err
		}
		for _, row := range rows {
			if row["cell"] == cell {
				return entry.Path, row, nil
			}
		}
	}
	return "", nil, fault.New(fault.ReleaseCell, "cell", cell)
}

// verifyFooting adds up what adds up: the sums of a level's cells are the totals one level above, for every measure
// whose family is published whole.
func verifyFooting(fsys fs.FS, m Manifest) []error {
	levels := map[int]areaTable{}
	var problems []error
	for _, entry := range m.Files {
		rows, err := ReadTable(fsys, entry.Path)
		if err != nil || !strings.HasPrefix(entry.Path, "data/") || len(rows) == 0 {
			continue // verifyFile has reported what cannot be read
		}
		if lvl, ok := areaLevel(rows[0]["cell"]); ok && levels[lvl].rows == nil {
			levels[lvl] = areaTable{entry.Path, rows}
		}
	}
	for lvl := 1; lvl <= 4; lvl++ {
		if upper, lower := levels[lvl-1], levels[lvl]; upper.rows != nil && lower.rows != nil {
			problems = append(problems, foot(upper, lower, lvl)...)
		}
	}
	return problems
}

type areaTable struct {
	path string
	rows []Row
}

func areaLevel(cell string) (int, bool) {
	_, by, _, ok := ParseCell(cell)
	if !ok {
		return 0, false
	}
	return level(by)
}

// foot compares the totals of upper with the sums of lower. A family with a withheld cell or a total that is withheld
// cannot be added up and is left out; so are measures that are no sums (their value is not what their parts add up to).
// Records that lie in no known unit of the lower level stand in its row without area: what the families lack may be
// there, and no more.
func foot(upper, lower areaTable, lvl int) []error {
	sums, whole, rest := addUp(lower, lvl)
	var problems []error
	short := map[string][]error{}
	lack := map[string]float64{}
	for _, row := range upper.rows {
		key := family{row["measure"], row["adm"+strconv.Itoa(lvl-1)+"_code"]}
		total, err := strconv.ParseFloat(row["value"], 64)
		if err != nil || key.area == "" || !whole[key] || math.Abs(total-sums[key]) <= 1e-9*math.Abs(total) {
			continue
		}
		problem := fault.New(fault.ReleaseFooting, "file", lower.path, "cell", row["cell"], "sum", Number(sums[key]), "total", row["value"])
		if _, partly := rest[key.measure]; partly && total > sums[key] {
			short[key.measure], lack[key.measure] = append(short[key.measure], problem), lack[key.measure]+total-sums[key]
			continue
		}
		problems = append(problems, problem)
	}
	for _, measure := range sortedKeys(short) {
		if lack[measure] > rest[measure]*(1+1e-9) {
			problems = append(problems, short[measure]...)
		}
	}
	return problems
}

// family is a measure's cells below one area.
type family struct{ measure, area string }

// addUp sums a level by family, says which families can be added up, and gives by measure what lies in no unit of the
// level; what is withheld there may be any number.
func addUp(lower areaTable, lvl int) (sums map[family]float64, whole map[family]bool, rest map[string]float64) {
	sums, whole, rest = map[family]float64{}, map[family]bool{}, map[string]float64{}
	own, parent := "adm"+strconv.Itoa(lvl)+"_code", "adm"+strconv.Itoa(lvl-1)+"_code"
	for _, row := range lower.rows {
		value, err := strconv.ParseFloat(row["value"], 64)
		if row[own] == "" {
			if rest[row["measure"]] = value; err != nil {
				rest[row["measure"]] = math.Inf(1)
			}
			continue
		}
		key := family{row["measure"], row[parent]}
		if _, seen := whole[key]; !seen {
			whole[key] = true
		}
		if err != nil || !additive(row["unit"]) {
			whole[key] = false
		}
		sums[key] += value
	}
	return sums, whole, rest
}

// additive units are those of sums; averages and shares carry a unit of their own with a slash or per cent.
func additive(unit string) bool { return !strings.ContainsAny(unit, "/%") && unit != "" }
