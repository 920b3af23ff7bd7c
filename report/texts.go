package report

import (
	"embed"
	"sync"

	"safar/locale"
)

//go:embed texts/*.yaml
var texts embed.FS

// Messages gives the catalogue of the page's words. It is read once and never changes.
func Messages() (*locale.Catalogue, error) { return messages() }

var messages = sync.OnceValues(func() (*locale.Catalogue, error) { return locale.ReadCatalogue(texts, "texts") })
