noinst_LIBRARIES += libmodel.a

model_sources = \
	model/barcode.c model/barcode.h \
	model/call.c \
	model/catalogue.c model/catalogue.h \
	model/channel.c model/channel.h \
	model/command.c model/command.h model/command.def model/refusal.def \
	model/console.c model/console_do.c model/console.h \
	model/console_copy.c \
	model/console_land.c \
	model/console_parts.c model/console_parts.h \
	model/console_queue.c \
	model/console_rows.c model/console_rows.h \
	model/console_report.c model/console_report.h \
	model/console_rescue.c model/console_rescue.h \
	model/console_trouble.c \
	model/db.h model/db_sqlite.c \
	model/explain.c model/explain.h model/explain_parts.h \
	model/explain_count.c \
	model/explain_rules.c \
	model/far_stock.c model/far_stock.h \
	model/field.c model/field.h \
	model/grid.c model/grid.h model/grid_parts.h \
	model/grid_csv.c \
	model/grid_write.c model/grid_write.h \
	model/grid_xlsx.c model/grid_xlsx.h \
	model/grid_xlsx_sheet.c \
	model/handlers.h \
	model/i18n.c model/i18n.h \
	model/import.c model/import.h \
	model/import_book.c model/import_book.h \
	model/import_made.c \
	model/import_place.c model/import_place.h \
	model/import_store.c model/import_store.h \
	model/json.c model/json.h \
	model/movement.c model/movement.h \
	model/movement_close.c \
	model/movement_create.c \
	model/movement_line.c \
	model/movement_receive.c \
	model/movement_ship.c \
	model/nearest.c model/nearest.h \
	model/order.c model/order.h \
	model/order_cancel.c \
	model/order_invoice.c \
	model/order_line.c \
	model/order_mend.c \
	model/order_place.c \
	model/order_refund.c \
	model/order_ship.c \
	model/order_source.c model/order_source.h \
	model/order_sql.h \
	model/report.c model/report.h model/report.def \
	model/salable.c model/salable.h \
	model/staff.c model/staff.h \
	model/stock.c model/stock.h \
	model/stocktake.c \
	model/stocktake.h \
	model/stocktake_count.c \
	model/stocktake_line.c model/stocktake_line.h \
	model/stocktake_progress.c model/stocktake_progress.h \
	model/stocktake_resolve.c \
	model/stocktake_reverse.c \
	model/stocktake_zone.c model/stocktake_zone.h \
	model/table.c model/table.h model/table_feeds.c model/tables.def \
	model/text.c model/text.h \
	model/ticket.c model/ticket.h model/ticket_parts.h \
	model/ticket_bind.c \
	model/ticket_code.c \
	model/ticket_dossier.c \
	model/ticket_mask.c \
	model/ticket_offline.c \
	model/ticket_redeem.c \
	model/ticket_refused.c \
	model/transfer.c model/transfer.h \
	model/uuid.c model/uuid.h \
	model/view.c model/view.h model/view.def \
	model/view_json.c \
	model/view_table.c \
	model/when.c model/when.h \
	model/whole_file.c model/whole_file.h \
	$(none)

libmodel_a_SOURCES = $(model_sources)
