package main

import (
	"fmt"

	"safar/locale"
	"safar/place"
)

// land invents a country: 10 provinces of 10 districts of 5 subdistricts, and so many villages spread over them.
func land(villages int) place.Batch {
	var b place.Batch
	b.Areas = append(b.Areas, place.Area{Country: country, Code: country, Level: 0, Names: named("Bench")})
	for i := range 10 {
		adm1 := place.Code(fmt.Sprintf("XS%02d", i))
		b.Areas = append(b.Areas, place.Area{Country: country, Code: adm1, Level: 1, Parent: country, Names: named("Province " + string(adm1))})
		for j := range 10 {
			adm2 := adm1 + place.Code(fmt.Sprintf("%02d", j))
			b.Areas = append(b.Areas, place.Area{Country: country, Code: adm2, Level: 2, Parent: adm1, Names: named("District " + string(adm2))})
			for k := range 5 {
				adm3 := adm2 + place.Code(fmt.Sprintf("%02d", k))
				b.Areas = append(b.Areas, place.Area{Country: country, Code: adm3, Level: 3, Parent: adm2, Names: named("Subdistrict " + string(adm3))})
			}
		}
	}
	for n := range villages {
		at := position(n)
		b.Sites = append(b.Sites, place.Site{SSID: ssid(n), Country: country, Area: villageArea(n)[3], Names: named(fmt.Sprintf("Village %d", n)), At: &at})
	}
	return b
}

func named(text string) locale.Text { return locale.Text{"en": text} }

func ssid(n int) string { return fmt.Sprintf("V%06d", n) }

// villageArea is the chain of units that holds a village.
func villageArea(n int) place.Path {
	i, j, k := n/50%10, n/5%10, n%5
	adm1 := place.Code(fmt.Sprintf("XS%02d", i))
	adm2 := adm1 + place.Code(fmt.Sprintf("%02d", j))
	return place.Path{country, adm1, adm2, adm2 + place.Code(fmt.Sprintf("%02d", k))}
}

// position spreads the villages of one subdistrict over a square of their own, some hundred metres apart.
func position(n int) place.LatLon {
	area, own := n%500, n/500
	return place.LatLon{Lat: 30 + float64(area/25)*0.5 + float64(own/20)*0.01, Lon: 60 + float64(area%25)*0.5 + float64(own%20)*0.01}
}
