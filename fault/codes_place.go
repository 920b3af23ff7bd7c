package fault

// Codes of places: lists of units, sites and points, and their geometry.
const (
	PlaceDuplicateCode    Code = "place.duplicate_code"
	PlaceDuplicateSite    Code = "place.duplicate_site"
	PlaceDuplicatePoint   Code = "place.duplicate_point"
	PlaceUnknownParent    Code = "place.unknown_parent"
	PlaceParentByName     Code = "place.parent_by_name"
	PlaceNoParent         Code = "place.no_parent"
	PlacePositionFar      Code = "place.position_far"
	PlaceParentLevel      Code = "place.parent_level"
	PlaceParentDiffers    Code = "place.parent_differs"
	PlaceCycle            Code = "place.cycle"
	PlaceUnknownSuccessor Code = "place.unknown_successor"
	PlaceUnknownArea      Code = "place.unknown_area"
	PlaceUnknownCountry   Code = "place.unknown_country"
	PlaceNoCountry        Code = "place.no_country"
	PlaceNoLevel          Code = "place.no_level"
	PlaceBadLevel         Code = "place.bad_level"
	PlaceNoCode           Code = "place.no_code"
	PlaceCodeBorrowed     Code = "place.code_borrowed"
	PlaceCodeIsNumber     Code = "place.code_is_number"
	PlaceCodeRepaired     Code = "place.code_repaired"
	PlaceCodeShort        Code = "place.code_short"
	PlaceNoName           Code = "place.no_name"
	PlaceBadNumber        Code = "place.bad_number"
	PlaceHalfPosition     Code = "place.half_position"
	PlaceZeroPosition     Code = "place.zero_position"
	PlacePositionSwapped  Code = "place.position_swapped"
	PlacePositionOffEarth Code = "place.position_off_earth"
	PlaceOutsideParent    Code = "place.outside_parent"
	PlaceOutsideArea      Code = "place.outside_area"
	PlaceSitesTogether    Code = "place.sites_together"
	PlaceRingOpen         Code = "place.ring_open"
	PlaceRingShort        Code = "place.ring_short"
	PlaceRingTouches      Code = "place.ring_touches"
	PlaceNoGeometry       Code = "place.no_geometry"
	PlaceBadGeometry      Code = "place.bad_geometry"
	PlaceBadDate          Code = "place.bad_date"
	PlaceDatesReversed    Code = "place.dates_reversed"
	PlaceBadSuccession    Code = "place.bad_succession"
	PlaceBadTime          Code = "place.bad_time"
	PlaceNotGeoJSON       Code = "place.not_geojson"
	PlaceTooLarge         Code = "place.too_large"
	PlaceBadFeature       Code = "place.bad_feature"
	PlaceUnknownLayout    Code = "place.unknown_layout"
	PlaceNothing          Code = "place.nothing"
	PlaceBadCell          Code = "place.bad_cell"
)

func placeFaults() []Entry {
	return []Entry{
		{PlaceDuplicateCode, Conflict, "The code {code} stands twice in {country}", "Keep one of the two rows, or give the second unit its own code."},
		{PlaceDuplicateSite, Conflict, "The site id {ssid} stands twice", "Keep one of the two rows, or give the second site its own id."},
		{PlaceDuplicatePoint, Conflict, "The point id {id} stands twice", "Keep one of the two rows, or give the second point its own id."},
		{PlaceUnknownParent, Invalid, "The parent {parent} of {code} is not known", "Add a row for {parent}, import the level above first, or correct the parent code; until then {code} hangs directly under its country."},
		{PlaceParentByName, Invalid, "The unit above {code} is named only as {name}, and no single unit of that name is known", "Add a column with the parent's code, or import the level above first."},
		{PlaceNoParent, Invalid, "The row does not say which unit {code} lies in", "Write the code of the unit above; until then {code} hangs directly under its country."},
		{PlacePositionFar, Invalid, "The position {lat}, {lon} is far from all other places of the list; with the two exchanged it would lie among them", "Check whether latitude and longitude are swapped."},
		{PlaceParentLevel, Invalid, "The parent {parent} of {code} is not on a higher level", "Correct the level of one of the two, or the parent code."},
		{PlaceParentDiffers, Conflict, "{code} has two parents in this list: {parent} and {other}", "Correct the rows so that {code} has one parent; {parent} was taken."},
		{PlaceCycle, Invalid, "{code} is above its own parent {parent}", "Correct one of the parent codes in this chain."},
		{PlaceUnknownSuccessor, Invalid, "The successor {successor} of {code} is not known", "Add a row for {successor}, or correct its code."},
		{PlaceUnknownArea, Invalid, "{id} lies in the unit {code}, which is not known", "Add the unit {code} first, or correct the code."},
		{PlaceUnknownCountry, Invalid, "{value} is not a country code", "Write the ISO 3166-1 code of the country, for example TJK."},
		{PlaceNoCountry, Invalid, "The list does not say which country it is of", "Add a column iso3, or name the country with the import."},
		{PlaceNoLevel, Invalid, "The level of the unit is not given", "Add a column level with 0 to 4."},
		{PlaceBadLevel, Invalid, "{value} is not an administrative level", "Write a whole number from 0 (country) to 4."},
		{PlaceNoCode, Invalid, "The row has no code", "Write the unit's p-code or the site's id into this cell."},
		{PlaceCodeBorrowed, Invalid, "The row has no p-code; its code {code} of the system {system} is used", "Write the p-code when it is known; the unit will then be found by both."},
		{PlaceCodeIsNumber, Invalid, "The code {value} was turned into a number and digits are lost", "Format the column as text, write the codes again from the source, and import once more."},
		{PlaceCodeRepaired, Invalid, "The code {value} was turned into a number; it was read as {code}", "Format the column as text to keep codes as they are."},
		{PlaceCodeShort, Invalid, "The code {value} is shorter than the other codes of its level; leading zeros may be lost", "Compare it with the source and format the column as text."},
		{PlaceNoName, Invalid, "{code} has no name", "Write a name in at least one language."},
		{PlaceBadNumber, Invalid, "{value} is not a number", "Write digits with a decimal point, for example 38.5598."},
		{PlaceHalfPosition, Invalid, "Only one of latitude and longitude is given", "Write both or neither."},
		{PlaceZeroPosition, Invalid, "The position is 0, 0, which means that none was measured", "Measure it again, or leave both cells empty."},
		{PlacePositionSwapped, Invalid, "Latitude {lat} and longitude {lon} are swapped: exchanged they lie in {code}", "Check the two columns; the exchanged position was taken."},
		{PlacePositionOffEarth, Invalid, "There is no latitude {lat} with longitude {lon}", "Write decimal degrees, latitude from -90 to 90 and longitude from -180 to 180, and check that the two are not swapped."},
		{PlaceOutsideParent, Invalid, "The point of {code} lies {distance} m outside its parent {parent}", "Check the coordinates and the parent code."},
		{PlaceOutsideArea, Invalid, "{id} lies {distance} m outside its unit {code}", "Check the coordinates and the code of the unit."},
		{PlaceSitesTogether, Invalid, "{id} lies within 10 m of {other}", "Check whether both are one site; if so, keep one and name the other as its alias."},
		{PlaceRingOpen, Invalid, "A ring of the polygon of {code} is not closed", "Repeat its first position at its end; it was closed here."},
		{PlaceRingShort, Invalid, "A ring of the polygon of {code} has no area", "Remove the ring or draw it again; it was left out."},
		{PlaceRingTouches, Invalid, "The border of {code} touches or crosses itself near {lat}, {lon}", "Mend it in a map program; points near that place may be put on the wrong side."},
		{PlaceNoGeometry, Invalid, "The feature of {code} has an empty geometry", "Draw its polygon, or remove the feature; the unit was taken without borders."},
		{PlaceBadGeometry, Invalid, "The geometry of {code} cannot be read", "Write it as a GeoJSON Point, Polygon or MultiPolygon; the unit was taken without borders."},
		{PlaceBadDate, Invalid, "{value} is not a date", "Write it as YYYY-MM-DD."},
		{PlaceDatesReversed, Invalid, "{code} ends on {to}, before it begins on {from}", "Correct one of the two dates."},
		{PlaceBadSuccession, Invalid, "{value} does not say what became of the unit", "Write successors as CODE:share, separated by semicolons, shares from 0 to 1, and split, merged or renamed as succession."},
		{PlaceBadTime, Invalid, "{value} is not a time of day", "Write it as HH:MM."},
		{PlaceNotGeoJSON, Invalid, "The file is not a GeoJSON feature collection", "Export it again as GeoJSON in WGS84."},
		{PlaceTooLarge, TooLarge, "The file has more than {limit} {what}", "Import it in parts, one level or one province at a time."},
		{PlaceBadFeature, Invalid, "The feature cannot be read", "Export it again; the other features were imported."},
		{PlaceUnknownLayout, Invalid, "No column layout fits this list: a code, a site id or a point id was not found among the headers", "Name the columns as in the documentation (pcode, level, parent_pcode, name_en), or give a mapping of the columns."},
		{PlaceNothing, Invalid, "The file holds no places", "Check that it is the right file and that rows follow the header."},
		{PlaceBadCell, Invalid, "The cell holds {value}", "Write the value itself instead of the formula or error."},
	}
}
