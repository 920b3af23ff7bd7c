package sheet

import (
	"io"

	"safar/fault"
)

func (b *Book) openCompound(io.ReaderAt, int64) error {
	return fault.New(fault.SheetOtherWorkbook, "found", "xls")
}
