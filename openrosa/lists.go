package openrosa

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"mime"
	"net/http"
	"path"
	"strings"

	"safar/fault"
)

type xforms struct {
	XMLName xml.Name `xml:"http://openrosa.org/xforms/xformsList xforms"`
	Forms   []xform  `xml:"xform"`
}

type xform struct {
	FormID      string `xml:"formID"`
	Name        string `xml:"name"`
	Version     string `xml:"version"`
	Hash        string `xml:"hash"`
	DownloadURL string `xml:"downloadUrl"`
	ManifestURL string `xml:"manifestUrl,omitempty"`
}

type manifest struct {
	XMLName xml.Name    `xml:"http://openrosa.org/xforms/xformsManifest manifest"`
	Files   []mediaFile `xml:"mediaFile"`
}

type mediaFile struct {
	Filename    string `xml:"filename"`
	Hash        string `xml:"hash"`
	DownloadURL string `xml:"downloadUrl"`
}

// formList answers which forms the device should have. Of the parameters only formID changes the answer: there is one
// published version of a form, and everything there is to say is always said.
func (s *server) formList(w http.ResponseWriter, v *visit) error {
	w.Header().Set("X-OpenRosa-Accept-Content-Length", acceptLength)
	s.seen(v)
	if v.Method == http.MethodHead {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	published, err := s.Flow.FormList(v.Context(), v.actor)
	if err != nil {
		return err
	}
	wanted := v.URL.Query().Get("formID")
	list := xforms{}
	for _, row := range published {
		if wanted != "" && row.FormID != wanted {
			continue
		}
		entry := xform{
			FormID: row.FormID, Name: row.Title, Version: row.Version, Hash: "md5:" + row.Hash,
			DownloadURL: v.formURL(row.FormID, row.Version) + ".xml",
		}
		if len(row.Media) > 0 {
			entry.ManifestURL = v.formURL(row.FormID, row.Version) + "/manifest"
		}
		list.Forms = append(list.Forms, entry)
	}
	s.sendXML(w, v, marshal(list))
	return nil
}

// formURL is the address that those of a form's version start with.
func (v *visit) formURL(formID, version string) string {
	return v.base + "/" + escape([]string{"forms", formID, version})
}

func (s *server) form(w http.ResponseWriter, v *visit, formID, version string) error {
	row, err := s.Flow.FormVersion(v.Context(), v.actor, formID, version)
	if err != nil {
		return err
	}
	s.send(w, v.Request, http.StatusOK, content{kind: xmlType, body: row.XForm, hash: row.Hash})
	return nil
}

func (s *server) manifest(w http.ResponseWriter, v *visit, formID, version string) error {
	files, err := s.Flow.Media(v.Context(), v.actor, formID, version)
	if err != nil {
		return err
	}
	list := manifest{}
	for _, file := range files {
		list.Files = append(list.Files, mediaFile{
			Filename: file.Name, Hash: "md5:" + file.Hash,
			DownloadURL: v.formURL(formID, version) + "/media/" + escape([]string{file.Name}),
		})
	}
	s.sendXML(w, v, marshal(list))
	return nil
}

// sendXML answers with a list, which clients may keep until it changes.
func (s *server) sendXML(w http.ResponseWriter, v *visit, body []byte) {
	sum := md5.Sum(body)
	s.send(w, v.Request, http.StatusOK, content{kind: xmlType, body: body, hash: hex.EncodeToString(sum[:])})
}

func (s *server) media(w http.ResponseWriter, v *visit, formID, version, name string) error {
	file, err := s.Flow.MediaFile(v.Context(), v.actor, formID, version, name)
	if err != nil {
		return err
	}
	s.send(w, v.Request, http.StatusOK, content{kind: mediaType(name), body: file.Bytes, hash: file.Hash})
	return nil
}

// mediaType does not ask the machine's own table, which differs from one to the next.
func mediaType(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".csv":
		return "text/csv; charset=utf-8"
	case ".xml":
		return xmlType
	case ".geojson":
		return "application/geo+json"
	}
	return "application/octet-stream"
}

// contentType takes a Content-Type header apart.
func contentType(r *http.Request) (kind string, parameters map[string]string, err error) {
	header := r.Header.Get("Content-Type")
	kind, parameters, err = mime.ParseMediaType(header)
	if err != nil {
		if header == "" {
			header = "(none named)"
		}
		return "", nil, fault.Wrap(err, fault.OpenrosaContentType, "type", header)
	}
	return kind, parameters, nil
}
