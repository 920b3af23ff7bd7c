package dictionary

import (
	"bytes"
	"embed"
	"errors"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"

	"safar/fault"
	"safar/locale"
)

//go:embed data/*.yaml
var embedded embed.FS

const (
	awaitingNative = "awaiting_native"
	reviewed       = "reviewed"
	maxFile        = 4 << 20 // bytes of one data file; the largest of ours is under 100 KB
)

// Languages are the languages in which every label must exist.
func Languages() []string { return []string{"en", "ru", "tg", "kk"} }

// Default loads the dictionary that comes with the program.
func Default() (*Dictionary, error) {
	data, err := fs.Sub(embedded, "data")
	if err != nil {
		return nil, fault.Internalf(err, "embedded dictionary")
	}
	return Load(data)
}

// file is one data file. A file may hold any of the parts; ours hold one topic each.
type file struct {
	Version    string                 `yaml:"version"`
	Review     map[string]string      `yaml:"review"`
	Defaults   Item                   `yaml:"defaults"` // stands in for what an item of the file leaves out
	Items      []Item                 `yaml:"items"`
	Lists      []List                 `yaml:"lists"`
	Categories []Category             `yaml:"categories"`
	Units      []Unit                 `yaml:"units"`
	Indicators []Indicator            `yaml:"indicators"`
	Missing    []Reason               `yaml:"missing"`
	Classes    []Handling             `yaml:"classes"`
	Texts      map[string]locale.Text `yaml:"texts"`
	Words      map[string][]string    `yaml:"words"`
	Ignored    []string               `yaml:"ignored"`
}

// Load reads every *.yaml file at the top of the folder and checks that the whole holds together: every code once,
// every reference known, every label in every language of Languages.
func Load(folder fs.FS) (*Dictionary, error) {
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil || len(names) == 0 {
		return nil, fault.Wrap(err, fault.DictionaryEmpty)
	}
	sort.Strings(names)
	d := &Dictionary{tokens: map[string]string{}, texts: map[string]locale.Text{}, words: map[string]string{}}
	for _, name := range names {
		one, err := readFile(folder, name)
		if err != nil {
			return nil, err
		}
		if err := d.add(name, one); err != nil {
			return nil, err
		}
	}
	if err := d.index(); err != nil {
		return nil, err
	}
	return d, d.verify()
}

func readFile(folder fs.FS, name string) (file, error) {
	opened, err := folder.Open(name)
	if err != nil {
		return file{}, fault.Wrap(err, fault.DictionaryUnreadable, "why", "it cannot be opened").In(fault.Where{File: name})
	}
	defer opened.Close()
	data, err := io.ReadAll(io.LimitReader(opened, maxFile+1))
	if err != nil || len(data) > maxFile {
		return file{}, fault.Wrap(err, fault.DictionaryUnreadable, "why", "it is over 4 MiB or broken off").In(fault.Where{File: name})
	}
	var one file
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&one); err != nil && !errors.Is(err, io.EOF) {
		return file{}, fault.Wrap(err, fault.DictionaryUnreadable, "why", err.Error()).In(fault.Where{File: name})
	}
	for language, state := range one.Review {
		if state != awaitingNative && state != reviewed {
			return file{}, fault.New(fault.DictionaryUnreadable, "why", "review of "+language+" is "+state+", not awaiting_native or reviewed").In(fault.Where{File: name})
		}
	}
	return one, nil
}

func (d *Dictionary) add(name string, one file) error {
	for _, item := range one.Items {
		item, err := complete(item, one.Defaults)
		if err != nil {
			return err.In(fault.Where{File: name, Field: item.Name})
		}
		d.items = append(d.items, item)
	}
	for _, list := range one.Lists {
		for i := range list.Choices {
			foldAll(list.Choices[i].Aliases)
		}
		d.lists = append(d.lists, list)
	}
	d.categories = append(d.categories, one.Categories...)
	d.units = append(d.units, one.Units...)
	d.indicators = append(d.indicators, one.Indicators...)
	d.classes = append(d.classes, one.Classes...)
	d.reasons = append(d.reasons, one.Missing...)
	for key, text := range one.Texts {
		d.texts[key] = text
	}
	d.addWords(one)
	if one.Version != "" {
		d.version = one.Version
	}
	d.reviews = append(d.reviews, Review{File: path.Base(name), Language: one.Review})
	return nil
}

func (d *Dictionary) addWords(one file) {
	for _, reason := range one.Missing {
		for _, token := range reason.Tokens {
			d.tokens[foldToken(token)] = reason.Code
		}
	}
	for word, variants := range one.Words {
		d.words[word] = word
		for _, v := range variants {
			d.words[Fold(v)] = word
		}
	}
	for _, w := range one.Ignored {
		d.words[Fold(w)] = ""
	}
}

var namePattern = regexp.MustCompile(`^((?:[msi]|sf)[0-9]{4})_([a-z]+)_[a-z0-9_]+$`)

// complete fills code and level from the name, and what the item leaves out from the file's defaults.
func complete(item, defaults Item) (Item, *fault.Error) {
	parts := namePattern.FindStringSubmatch(item.Name)
	if parts == nil {
		return item, fault.New(fault.DictionaryName, "name", item.Name)
	}
	item.Code, item.Level = cmpOr(item.Code, parts[1]), cmpOr(item.Level, parts[2])
	item.Indicator = cmpOr(item.Indicator, defaults.Indicator)
	item.Sector = cmpOr(item.Sector, defaults.Sector)
	item.Since = cmpOr(item.Since, defaults.Since)
	item.Source = cmpOr(item.Source, defaults.Source)
	item.Sensitivity = Class(cmpOr(string(item.Sensitivity), string(defaults.Sensitivity)))
	if item.Components == nil {
		item.Components = defaults.Components
	}
	if item.Version == 0 {
		item.Version = defaults.Version
	}
	foldAll(item.Aliases)
	return item, nil
}

func cmpOr(value, otherwise string) string {
	if value != "" {
		return value
	}
	return otherwise
}

func foldAll(texts []string) {
	for i := range texts {
		texts[i] = Fold(texts[i])
	}
}

// index makes names, codes and unambiguous slugs findable and refuses doubles.
func (d *Dictionary) index() error {
	d.byName = make(map[string]int, 3*len(d.items))
	slugs := map[string][]int{}
	for at, item := range d.items {
		for _, key := range []string{item.Name, item.Code} {
			if _, twice := d.byName[key]; twice {
				return fault.New(fault.DictionaryTwice, "code", key)
			}
			d.byName[key] = at
		}
		slugs[item.Slug()] = append(slugs[item.Slug()], at)
	}
	for slug, owners := range slugs {
		if _, taken := d.byName[slug]; len(owners) == 1 && !taken {
			d.byName[slug] = owners[0]
		}
	}
	codes := d.Codes()
	for i := 1; i < len(codes); i++ {
		if codes[i] == codes[i-1] {
			return fault.New(fault.DictionaryTwice, "code", codes[i])
		}
	}
	names := make([]string, 0, len(d.lists))
	for _, l := range d.lists {
		names = append(names, l.Name)
	}
	slices.Sort(names)
	if unique := slices.Compact(slices.Clone(names)); len(unique) != len(names) {
		return fault.New(fault.DictionaryTwice, "code", strings.Join(names, " "))
	}
	return nil
}
