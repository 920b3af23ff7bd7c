package workflow

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"safar/access"
	"safar/place"
	"safar/store"
)

// register gives everything known about the places of a country ("" = all), as it stands now.
func (w *Workflow) register(ctx context.Context, country string) (*place.Register, error) {
	var reg *place.Register
	err := w.Store.Read(ctx, func(tx *store.Tx) (err error) {
		reg, err = w.registerIn(tx, country)
		return err
	})
	return reg, err
}

// registerIn is register inside a transaction. A register is built once per version of the place tables.
func (w *Workflow) registerIn(tx *store.Tx, country string) (*place.Register, error) {
	version, err := tx.PlacesVersion()
	if err != nil {
		return nil, err
	}
	key := country + "@" + strconv.FormatInt(version, 10)
	w.mu.Lock()
	reg := w.places[key]
	w.mu.Unlock()
	if reg != nil {
		return reg, nil
	}
	batch, err := loadPlaces(tx, country)
	if err != nil {
		return nil, err
	}
	reg, _ = place.NewRegister(batch.Areas, batch.Sites, batch.Points) // defects were reported when they were imported
	w.mu.Lock()
	for old := range w.places {
		if strings.HasPrefix(old, country+"@") {
			delete(w.places, old)
		}
	}
	w.places[key] = reg
	w.mu.Unlock()
	return reg, nil
}

func loadPlaces(tx *store.Tx, country string) (b place.Batch, err error) {
	if b.Areas, err = tx.Areas(country); err != nil {
		return b, err
	}
	if b.Sites, err = tx.Sites(country); err != nil {
		return b, err
	}
	b.Points, err = tx.FlowPoints(country)
	return b, err
}

// Places gives the register of a country for reading; "" is all countries.
func (w *Workflow) Places(ctx context.Context, actor access.Actor, country string) (*place.Register, error) {
	if err := allow(actor, access.ReadFigures, ""); err != nil { // sites have coordinates, which are not for the public
		return nil, err
	}
	return w.register(ctx, country)
}

// PlaceImport is what an import of places did.
type PlaceImport struct {
	Areas, Sites, Points int // in the file, after mending
	Changes              []place.Change
	Defects              []place.Defect
}

// ImportPlaces reads a list of places, merges it with what is known and keeps the result. Defects are reported row by
// row and never stop the rest; nothing that is known is deleted.
func (w *Workflow) ImportPlaces(ctx context.Context, actor access.Actor, name string, r io.ReaderAt, size int64, opts place.Options) (result PlaceImport, err error) {
	if err := allow(actor, access.ManagePlaces, ""); err != nil {
		return result, err
	}
	opts.Known, err = w.register(ctx, "")
	if err != nil {
		return result, err
	}
	batch, defects, err := place.Import(name, r, size, opts)
	if err != nil {
		return result, err
	}
	result = PlaceImport{Areas: len(batch.Areas), Sites: len(batch.Sites), Points: len(batch.Points), Defects: defects}
	err = w.change(ctx, actor, access.ManagePlaces, "", func(s *Step) error {
		result.Changes, err = w.mergePlaces(s, batch)
		if err != nil {
			return err
		}
		return s.Journal("place.imported", name, map[string]any{"areas": result.Areas, "sites": result.Sites, "points": result.Points, "changes": len(result.Changes), "defects": len(defects)})
	})
	return result, err
}

// mergePlaces joins a batch with the stored places and writes what is new or changed.
func (w *Workflow) mergePlaces(s *Step, batch place.Batch) ([]place.Change, error) {
	known, err := w.registerIn(s.Tx, "")
	if err != nil {
		return nil, err
	}
	merged, changes := place.Merge(known.All(), batch)
	touched := map[string]bool{}
	for _, c := range changes {
		touched[fmt.Sprintf("%s/%s", c.Country, c.ID)] = true
	}
	var out place.Batch
	for _, a := range merged.Areas {
		if touched[a.Country+"/"+string(a.Code)] {
			out.Areas = append(out.Areas, a)
		}
	}
	for _, site := range merged.Sites {
		if touched[site.Country+"/"+site.SSID] {
			out.Sites = append(out.Sites, site)
		}
	}
	for _, p := range merged.Points {
		if touched[p.Country+"/"+p.ID] {
			out.Points = append(out.Points, p)
		}
	}
	if err := s.PutAreas(out.Areas); err != nil {
		return nil, err
	}
	if err := s.PutSites(out.Sites); err != nil {
		return nil, err
	}
	return changes, s.PutFlowPoints(out.Points)
}

// AddPlaces merges places that a program made, such as the practice country, with what is known.
func (w *Workflow) AddPlaces(ctx context.Context, actor access.Actor, name string, batch place.Batch) (changes []place.Change, err error) {
	err = w.change(ctx, actor, access.ManagePlaces, "", func(s *Step) error {
		if changes, err = w.mergePlaces(s, batch); err != nil || len(changes) == 0 {
			return err
		}
		return s.Journal("place.imported", name, map[string]any{"areas": len(batch.Areas), "sites": len(batch.Sites), "points": len(batch.Points), "changes": len(changes)})
	})
	return changes, err
}

// CheckPlaces reads a list of places and says what an import would do, without keeping anything.
func (w *Workflow) CheckPlaces(ctx context.Context, actor access.Actor, name string, r io.ReaderAt, size int64, opts place.Options) (result PlaceImport, err error) {
	if err := allow(actor, access.ManagePlaces, ""); err != nil {
		return result, err
	}
	known, err := w.Places(ctx, actor, "")
	if err != nil {
		return result, err
	}
	opts.Known = known
	batch, defects, err := place.Import(name, r, size, opts)
	if err != nil {
		return result, err
	}
	_, changes := place.Merge(known.All(), batch)
	return PlaceImport{len(batch.Areas), len(batch.Sites), len(batch.Points), changes, defects}, nil
}
