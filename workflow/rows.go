package workflow

import (
	"context"

	"safar/access"
	"safar/locale"
	"safar/place"
	"safar/quality"
	"safar/record"
	"safar/round"
	"safar/store"
)

// RecordRow is a record as a list shows it.
type RecordRow struct {
	ID          record.ID             `json:"id"`
	Record      record.ID             `json:"record"` // the same, as the newest arrivals name it
	ReceivedAt  string                `json:"received_at"`
	At          string                `json:"at"`
	Activity    string                `json:"activity"`
	Round       int                   `json:"round"`
	Form        string                `json:"form"`
	State       record.State          `json:"state"`
	Counts      bool                  `json:"counts"`
	Date        string                `json:"date"`
	Unit        string                `json:"unit"`
	Name        string                `json:"name"`
	Names       locale.Text           `json:"names,omitempty"`
	Area        place.Code            `json:"area"`
	AreaName    string                `json:"area_name"`
	AreaNames   locale.Text           `json:"area_names,omitempty"`
	Source      record.Source         `json:"source"`
	Device      string                `json:"device"`
	DeviceName  string                `json:"device_name"` // name of the phone, or file of the import
	Carried     int                   `json:"carried_from,omitempty"`
	Corrections int                   `json:"corrections"`
	Findings    map[quality.Level]int `json:"findings"` // open ones
	Values      map[string]string     `json:"values,omitempty"`
}

// RecordList is one page of records, newest first.
type RecordList struct {
	Rows []RecordRow `json:"rows"`
	Next string      `json:"next"` // key of the next page, "" after the last
}

// maxRows bounds a page of records, maxColumns the answers shown beside them.
const (
	maxRows    = 500
	maxColumns = 20
)

// RecordRows lists records newest first with the values of some questions. The filter's After and Limit page it.
func (w *Workflow) RecordRows(ctx context.Context, actor access.Actor, operation string, f RecordFilter, columns []string, lang string) (RecordList, error) {
	page := RecordList{Rows: []RecordRow{}}
	f.Newest = true
	if f.Limit <= 0 {
		f.Limit = 100
	}
	f.Limit = min(f.Limit, maxRows)
	err := w.read(ctx, actor, access.ReadRecords, operation, func(tx *store.Tx) error {
		op, err := tx.Operation(operation)
		if err != nil {
			return err
		}
		register, err := w.registerIn(tx, op.Country)
		if err != nil {
			return err
		}
		list, err := tx.Records(operation, f)
		if err != nil {
			return err
		}
		if len(list) == f.Limit {
			page.Next = string(list[len(list)-1].ID)
		}
		if page.Rows, err = rowsOf(tx, register, op, list, lang); err != nil {
			return err
		}
		return w.addValues(page.Rows, list, columns[:min(len(columns), maxColumns)])
	})
	return page, err
}

// addValues reads the answers that a list shows beside its rows; identities are never among the answers.
func (w *Workflow) addValues(rows []RecordRow, list []store.StoredRecord, columns []string) error {
	if len(columns) == 0 {
		return nil
	}
	for i := range list {
		answers, err := w.currentAnswers(list[i])
		if err != nil {
			return err
		}
		rows[i].Values = map[string]string{}
		for _, question := range columns {
			if answers != nil && !w.Dictionary.IsIdentity(question) {
				rows[i].Values[question] = record.Answer(answers, question)
			}
		}
	}
	return nil
}

// rowsOf makes rows of records: the findings of all of them come with one query.
func rowsOf(tx *store.Tx, register *place.Register, op round.Operation, list []store.StoredRecord, lang string) ([]RecordRow, error) {
	ids := make([]record.ID, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	findings, err := tx.FindingsOf(op.Slug, ids)
	if err != nil {
		return nil, err
	}
	senders, err := sendersOf(tx, op.Slug, list)
	if err != nil {
		return nil, err
	}
	rows := make([]RecordRow, len(list))
	for i := range list {
		rows[i] = rowOf(register, op.Country, &list[i], lang)
		rows[i].DeviceName = senders[list[i].Device]
		if found := findings[list[i].ID]; found != nil {
			rows[i].Findings = found
		}
	}
	return rows, nil
}

func rowOf(register *place.Register, country string, r *store.StoredRecord, lang string) RecordRow {
	row := RecordRow{
		ID: r.ID, Record: r.ID, ReceivedAt: unixText(r.ReceivedAt), At: unixText(r.ReceivedAt), Activity: r.Activity, Round: r.Round, Form: r.Form, State: r.State,
		Counts: r.Counts, Date: r.Date, Unit: r.Unit, Area: r.Place.Areas.Deepest(), Source: r.Source, Device: r.Device, Carried: r.CarriedFrom,
		Corrections: len(r.Corrections), Findings: map[quality.Level]int{},
	}
	if a, ok := register.Area(country, row.Area); ok {
		row.AreaNames, row.AreaName = a.Names, a.Names.In(lang, "en")
	}
	row.Names = unitNames(register, r.Place)
	row.Name = row.Names.In(lang, "en")
	if row.Name == "" {
		row.Name, row.Names = row.AreaName, row.AreaNames
	}
	return row
}

// unitNames are the names of the site or flow point of a record.
func unitNames(register *place.Register, at record.Place) locale.Text {
	if s, ok := register.Site(at.Site); ok && at.Site != "" {
		return s.Names
	}
	if p, ok := register.Point(at.Point); ok && at.Point != "" {
		return p.Names
	}
	return nil
}

// sendersOf names what the records came with: phones, and the files of imports.
func sendersOf(tx *store.Tx, operation string, list []store.StoredRecord) (map[string]string, error) {
	names := map[string]string{}
	phones := false
	for i := range list {
		switch id := list[i].Device; {
		case list[i].Source != record.FromImport:
			phones = phones || id != ""
		case names[id] == "":
			imp, err := tx.Import(operation, id)
			if err != nil {
				return nil, err
			}
			names[id] = imp.File
		}
	}
	if !phones {
		return names, nil
	}
	devices, err := tx.Devices(operation)
	for _, d := range devices {
		names[d.ID] = d.Name
	}
	return names, err
}
