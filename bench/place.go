package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"time"

	"safar/place"
)

// places measures a list of the size of the world's and positions against borders.
func places(ctx context.Context, b *bench) (table, error) {
	t := table{Title: fmt.Sprintf("a list of %d codes; %d positions against 400 districts of 100 corners", b.codes, b.positions), Columns: []string{"s", "per s", "CPU us each"}}
	if err := placeCodes(ctx, b, &t); err != nil {
		return t, err
	}
	return t, placePositions(b, &t)
}

func placeCodes(ctx context.Context, b *bench, t *table) (err error) {
	list := worldList(b.codes)
	step := func(k kind, label string, do func() error) error {
		watch := startWatch()
		if err := do(); err != nil {
			return fmt.Errorf("%s: %w", label, err)
		}
		wall, cpu := watch.lap()
		t.add(k, label, wall.Seconds(), per(b.codes, wall), 1000*each(cpu, b.codes))
		return nil
	}
	if err := step(measured, "read the list and index it", func() error {
		batch, defects, err := place.ImportBytes("world.csv", list, place.Options{})
		if err == nil && len(defects) > 0 {
			err = defects[0]
		}
		_, _ = place.NewRegister(batch.Areas, batch.Sites, batch.Points) // defects were looked at above
		return err
	}); err != nil {
		return err
	}
	d, err := openDesk(ctx, filepath.Join(b.dir, "data"), "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	if err := step(measured, "import it into an empty data folder", func() error {
		_, err := d.ImportPlaces(ctx, local(), "world.csv", bytes.NewReader(list), int64(len(list)), place.Options{})
		return err
	}); err != nil {
		return err
	}
	if err := step(yardstick, "read the list as CSV and nothing else", func() error {
		_, err := csv.NewReader(bytes.NewReader(list)).ReadAll()
		return err
	}); err != nil {
		return err
	}
	t.add(target, "issue: 33,363 codes", "< 3")
	return nil
}

func placePositions(b *bench, t *table) error {
	areas := districts()
	register, _ := place.NewRegister(areas, nil, nil)
	points := scattered(b.positions)
	watch := startWatch()
	inside := 0
	for _, p := range points {
		if m := register.Locate(p, country, 1); len(m) > 0 && m[0].Reason == place.Inside {
			inside++
		}
	}
	wall, cpu := watch.lap()
	t.add(measured, fmt.Sprintf("locate %d positions", len(points)), wall.Seconds(), per(len(points), wall), 1000*each(cpu, len(points)))
	sample := points[:min(2000, len(points))]
	watch = startWatch()
	plain := 0
	for _, p := range sample {
		for i := range areas {
			if areas[i].Geometry.Contains(p) {
				plain++
			}
		}
	}
	wall, cpu = watch.lap()
	t.add(yardstick, "every position against every border, from a sample", time.Duration(float64(wall)/float64(len(sample))*float64(len(points))).Seconds(), per(len(sample), wall), 1000*each(cpu, len(sample)))
	t.add(target, "issue: 100,000 positions", "< 1")
	if share, want := float64(inside)/float64(len(points)), float64(plain)/float64(len(sample)); math.Abs(share-want) > 0.05 {
		return fmt.Errorf("%.2f of the positions lie in a district, by the plain rule %.2f", share, want)
	}
	return nil
}

// worldList invents a list like the global one: 156 countries, two levels.
func worldList(codes int) []byte {
	var b strings.Builder
	b.WriteString("\ufeffLocation,Admin Level,P-Code,Name,Parent P-Code,Valid from date\n#country+code,#geo+admin_level,#adm+code,#adm+name,#adm+code+parent,#date+start\n")
	parts := []string{"ba", "dor", "esh", "fil", "gan", "hur", "kul", "mir", "nau", "ost", "par", "rud", "shah", "tem", "vah", "zar"}
	for n := range codes {
		c, own := n%156, n/156
		land := fmt.Sprintf("X%c%c", 'A'+c/26, 'A'+c%26)
		name := "N" + parts[n%16] + parts[n/16%16] + parts[n/256%16]
		if own < 15 {
			fmt.Fprintf(&b, "%s,1,%s%02d,%s,%s,2020-01-31\n", land, land, own, name, land)
			continue
		}
		fmt.Fprintf(&b, "%s,2,%s%02d%03d,%s,%s%02d,2020-01-31\n", land, land, own%15, own, name, land, own%15)
	}
	return []byte(b.String())
}

// districts are a grid of 20 x 20 round districts with wavy borders of 100 corners.
func districts() []place.Area {
	var list []place.Area
	for n := range 400 {
		lat, lon := float64(n/20), float64(n%20)
		var ring place.Ring
		for i := range 100 {
			angle := float64(i) / 100 * 2 * math.Pi
			radius := 0.45 + 0.04*math.Sin(9*angle)
			ring = append(ring, place.LatLon{Lat: lat + radius*math.Sin(angle), Lon: lon + radius*math.Cos(angle)})
		}
		ring = append(ring, ring[0])
		list = append(list, place.Area{Country: country, Code: place.Code(fmt.Sprintf("D%03d", n)), Level: 1, Names: named("District"), Geometry: &place.Geometry{Polygons: []place.Polygon{{ring}}}})
	}
	return list
}

func scattered(n int) []place.LatLon {
	random := rand.New(rand.NewPCG(1, 2))
	list := make([]place.LatLon, n)
	for i := range list {
		list[i] = place.LatLon{Lat: random.Float64()*20 - 0.5, Lon: random.Float64()*20 - 0.5}
	}
	return list
}
