package place

import (
	"cmp"
	"slices"
	"sync"

	"safar/fault"
)

// Register is the whole of known places. It never changes after NewRegister and may be read by many goroutines at once;
// a changed list makes a new register. The indexes for names and coordinates are built when a country is first asked for.
type Register struct {
	areas     []Area  // by country, level, code
	parents   []int32 // index of each area's parent, none at level 0
	byCode    map[key]int32
	bySystem  map[key][]int32 // codes of other systems, in matching form
	children  [][]int32
	sites     []Site
	bySSID    map[string]int32
	points    []FlowPoint
	byPoint   map[string]int32
	countries []string
	names     map[string]func() *nameIndex
	shapes    map[layer]func() *shapeIndex
}

// none is the index of nothing.
const none int32 = -1

type key struct {
	country string
	code    Code
}

type layer struct {
	country string
	level   Level
}

// NewRegister builds a register. It never fails: a unit that stands twice keeps its first form, a unit whose parent is
// unknown, on a deeper level or its own descendant hangs directly under its country, a country without a unit of its own
// gets one. Each such case is a defect.
func NewRegister(areas []Area, sites []Site, points []FlowPoint) (*Register, []Defect) {
	r := &Register{byCode: make(map[key]int32, len(areas)), bySystem: map[key][]int32{}, names: map[string]func() *nameIndex{}, shapes: map[layer]func() *shapeIndex{}}
	defects := r.addAreas(areas)
	defects = append(defects, r.link()...)
	defects = append(defects, r.addSites(sites)...)
	defects = append(defects, r.addPoints(points)...)
	r.prepare()
	return r, defects
}

func (r *Register) addAreas(areas []Area) (defects []Defect) {
	r.areas = make([]Area, 0, len(areas)+1)
	topped := map[string]bool{}
	missing := map[string]bool{}
	for _, a := range areas {
		if a.Level == 0 {
			topped[a.Country] = true
		}
		missing[a.Country] = true
		r.areas = append(r.areas, a)
	}
	for country := range missing {
		if !topped[country] {
			r.areas = append(r.areas, CountryArea(country))
		}
	}
	if !slices.IsSortedFunc(r.areas, compareAreas) {
		slices.SortStableFunc(r.areas, compareAreas)
	}
	r.areas = slices.CompactFunc(r.areas, func(a, b Area) bool {
		twice := a.Country == b.Country && a.Code == b.Code && a.Level == b.Level
		if twice {
			defects = append(defects, leftOut(fault.New(fault.PlaceDuplicateCode, "code", string(b.Code), "country", b.Country).In(fault.Where{Field: string(b.Code)})))
		}
		return twice
	})
	for i, a := range r.areas {
		if _, twice := r.byCode[key{a.Country, a.Code}]; twice {
			defects = append(defects, kept(fault.New(fault.PlaceDuplicateCode, "code", string(a.Code), "country", a.Country).In(fault.Where{Field: string(a.Code)})))
			continue
		}
		r.byCode[key{a.Country, a.Code}] = int32(i)
	}
	return defects
}

func compareAreas(a, b Area) int { return order(&a, &b) }

func order(a, b *Area) int {
	return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.Level, b.Level), cmp.Compare(a.Code, b.Code))
}

// link finds every unit's parent and makes the tree whole.
func (r *Register) link() (defects []Defect) {
	r.parents = make([]int32, len(r.areas))
	r.children = make([][]int32, len(r.areas))
	for i := range r.areas {
		a := &r.areas[i]
		r.parents[i] = none
		if a.Level <= 0 {
			continue
		}
		parent, problem := r.parentOf(a)
		if problem != nil {
			defects = append(defects, kept(problem.In(fault.Where{Field: string(a.Code)})))
		}
		r.parents[i] = parent
	}
	for i := range r.areas {
		if parent := r.parents[i]; parent != none {
			r.areas[i].Parent = r.areas[parent].Code
			r.children[parent] = append(r.children[parent], int32(i))
		}
		for _, s := range r.areas[i].Successors {
			if _, known := r.byCode[key{r.areas[i].Country, s.Code}]; !known {
				defects = append(defects, kept(fault.New(fault.PlaceUnknownSuccessor, "code", string(r.areas[i].Code), "successor", string(s.Code)).In(fault.Where{Field: string(r.areas[i].Code)})))
			}
		}
	}
	return defects
}

// parentOf gives the index of the stated parent, or of the country with the reason why the stated one cannot serve.
// A parent must stand on a higher level, so a chain of parents always ends at a country.
func (r *Register) parentOf(a *Area) (int32, *fault.Error) {
	top := none
	if i, ok := r.byCode[key{a.Country, Code(a.Country)}]; ok {
		top = i
	}
	if a.Parent == "" {
		return top, nil
	}
	i, ok := r.byCode[key{a.Country, a.Parent}]
	if !ok {
		return top, fault.New(fault.PlaceUnknownParent, "code", string(a.Code), "parent", string(a.Parent))
	}
	if r.areas[i].Level < a.Level {
		return i, nil
	}
	if r.descends(&r.areas[i], a.Code) {
		return top, fault.New(fault.PlaceCycle, "code", string(a.Code), "parent", string(a.Parent))
	}
	return top, fault.New(fault.PlaceParentLevel, "code", string(a.Code), "parent", string(a.Parent))
}

// descends follows the stated parents of a and says whether they lead to the unit of the code.
func (r *Register) descends(a *Area, code Code) bool {
	for range r.areas {
		if a.Code == code {
			return true
		}
		i, ok := r.byCode[key{a.Country, a.Parent}]
		if !ok {
			return false
		}
		a = &r.areas[i]
	}
	return false
}

func (r *Register) addSites(sites []Site) (defects []Defect) {
	r.sites = make([]Site, 0, len(sites))
	r.bySSID = make(map[string]int32, len(sites))
	for _, s := range sites {
		at := fault.Where{Field: s.SSID}
		if _, twice := r.bySSID[s.SSID]; twice {
			defects = append(defects, leftOut(fault.New(fault.PlaceDuplicateSite, "ssid", s.SSID).In(at)))
			continue
		}
		if _, known := r.byCode[key{s.Country, s.Area}]; s.Area != "" && !known {
			defects = append(defects, kept(fault.New(fault.PlaceUnknownArea, "id", s.SSID, "code", string(s.Area)).In(at)))
		}
		r.bySSID[s.SSID] = int32(len(r.sites))
		r.sites = append(r.sites, s)
	}
	slices.SortStableFunc(r.sites, compareSites)
	for i, s := range r.sites {
		r.bySSID[s.SSID] = int32(i)
	}
	return defects
}

func compareSites(a, b Site) int {
	return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.SSID, b.SSID))
}

func (r *Register) addPoints(points []FlowPoint) (defects []Defect) {
	r.points = make([]FlowPoint, 0, len(points))
	r.byPoint = make(map[string]int32, len(points))
	for _, p := range points {
		at := fault.Where{Field: p.ID}
		if _, twice := r.byPoint[p.ID]; twice {
			defects = append(defects, leftOut(fault.New(fault.PlaceDuplicatePoint, "id", p.ID).In(at)))
			continue
		}
		if _, known := r.byCode[key{p.Country, p.Area}]; p.Area != "" && !known {
			defects = append(defects, kept(fault.New(fault.PlaceUnknownArea, "id", p.ID, "code", string(p.Area)).In(at)))
		}
		r.byPoint[p.ID] = int32(len(r.points))
		r.points = append(r.points, p)
	}
	slices.SortStableFunc(r.points, comparePoints)
	for i, p := range r.points {
		r.byPoint[p.ID] = int32(i)
	}
	return defects
}

func comparePoints(a, b FlowPoint) int {
	return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.ID, b.ID))
}

// prepare lists the countries, the codes of other systems, and the indexes that wait for their first use.
func (r *Register) prepare() {
	seen := map[string]bool{}
	for i := range r.areas {
		a := &r.areas[i]
		seen[a.Country] = true
		for _, code := range a.Codes {
			k := key{a.Country, matchable(code)}
			if len(r.bySystem[k]) == 0 || r.bySystem[k][len(r.bySystem[k])-1] != int32(i) {
				r.bySystem[k] = append(r.bySystem[k], int32(i))
			}
		}
		if own := matchable(string(a.Code)); own != a.Code {
			r.bySystem[key{a.Country, own}] = append(r.bySystem[key{a.Country, own}], int32(i))
		}
		if l := (layer{a.Country, a.Level}); r.shapes[l] == nil {
			r.shapes[l] = sync.OnceValue(func() *shapeIndex { return newShapeIndex(r, l) })
		}
	}
	for i := range r.sites {
		seen[r.sites[i].Country] = true
	}
	for i := range r.points {
		seen[r.points[i].Country] = true
	}
	for country := range seen {
		r.countries = append(r.countries, country)
		r.names[country] = sync.OnceValue(func() *nameIndex { return newNameIndex(r, country) })
	}
	slices.Sort(r.countries)
}
