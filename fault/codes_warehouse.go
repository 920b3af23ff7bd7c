package fault

// Codes of warehouse.
const (
	WarehouseOperation Code = "warehouse.operation"
	WarehouseText      Code = "warehouse.text"
	WarehouseKey       Code = "warehouse.key"
	WarehouseLocked    Code = "warehouse.locked"
	WarehouseOpen      Code = "warehouse.open"
)

func warehouseFaults() []Entry {
	return []Entry{
		{WarehouseOperation, Internal, "a fact of record {record} belongs to operation {other}, not to {operation}", ""},
		{WarehouseText, Invalid, "the text {text} in record {record} holds a zero byte", "Correct the answer; it is probably damaged."},
		{WarehouseKey, Invalid, "a cell is named by one value for each of: {dimensions}", "Give the values in this order, empty ones too."},
		{WarehouseLocked, Unavailable, "the warehouse file {file} is in use by another program", "Stop the other program, or ask the running server."},
		{WarehouseOpen, Unavailable, "the warehouse {where} cannot be opened: {why}", "Check the disk and its permissions; the warehouse can be deleted, it is built anew from the records."},
	}
}
