noinst_LIBRARIES += libtui.a
bin_PROGRAMS += countertop

# Everything but main.c, which alone joins tui and net.
tui_sources = \
	tui/action.c tui/action.h \
	tui/app.c tui/app.h \
	tui/app_help.c \
	tui/app_input.c \
	tui/app_paint.c \
	tui/app_parts.h \
	tui/app_signal.c \
	tui/app_stack.c \
	tui/box.c tui/box.h \
	tui/arguments.c tui/arguments.h \
	tui/cli.c tui/cli.h \
	tui/cli_doctor.c tui/cli_doctor.h \
	tui/cli_export.c \
	tui/cli_import.c \
	tui/cli_report.c \
	tui/cli_show.c \
	tui/cli_view.c tui/cli_view.h \
	tui/cli_who.c \
	tui/cols.c tui/cols.h \
	tui/count_sheet.c tui/count_sheet.h \
	tui/dialog.h \
	tui/dialog_confirm.c \
	tui/dialog_entry.c \
	tui/dialog_menu.c \
	tui/dialog_page.c \
	tui/correction.c tui/correction.h \
	tui/correction_view.c tui/correction_view.h \
	tui/document_act.c tui/document_act.h \
	tui/document_count.c tui/document_count.h \
	tui/document_count_end.c \
	tui/document_count_seats.c \
	tui/document_count_view.c tui/document_count_view.h \
	tui/document_data.c tui/document_data.h \
	tui/document_draft.c tui/document_draft.h \
	tui/document_head.c tui/document_head.h \
	tui/document_history.c tui/document_history.h \
	tui/document_lines.c tui/document_lines.h \
	tui/document_list.c tui/document_list.h \
	tui/document_new.c tui/document_new.h \
	tui/document_new_view.c tui/document_new_view.h \
	tui/document_pick.c tui/document_pick.h \
	tui/document_rows.c tui/document_rows.h \
	tui/document_stock.c tui/document_stock.h \
	tui/document_sides.c tui/document_sides.h \
	tui/document_tables.h \
	tui/dossier.h \
	tui/dossier_data.c \
	tui/dossier_page.c tui/dossier_page.h \
	tui/dossier_settle.c tui/dossier_settle.h \
	tui/dossier_words.c \
	tui/draw.c tui/draw.h \
	tui/edit.c tui/edit.h \
	tui/explain_here.c tui/explain_here.h \
	tui/export.c tui/export.h \
	tui/export_view.c tui/export_view.h \
	tui/file_name.c tui/file_name.h \
	tui/form.c tui/form.h \
	tui/form_item.c \
	tui/form_paint.c \
	tui/form_parts.h \
	tui/import_ask.c tui/import_ask.h \
	tui/import_list.c tui/import_list.h \
	tui/import_run.c tui/import_run.h \
	tui/inbox_page.c \
	tui/inbox_rows.c tui/inbox_rows.h \
	tui/key.c tui/key.h \
	tui/keymap.c tui/keymap.h \
	tui/layout.c tui/layout.h \
	tui/list.c tui/list.h \
	tui/list_days.c tui/list_days.h \
	tui/marks.c tui/marks.h \
	tui/order_act.c tui/order_act.h \
	tui/order_audit.c tui/order_audit.h \
	tui/order_data.c tui/order_data.h \
	tui/order_entries.c tui/order_entries.h \
	tui/order_head.c tui/order_head.h \
	tui/order_lines.c tui/order_lines.h \
	tui/order_new.c tui/order_new.h \
	tui/order_ship.c \
	tui/pane.h \
	tui/pane_correct.c \
	tui/pane_document.c \
	tui/pane_document_close.c \
	tui/pane_document_new.c \
	tui/pane_documents.c \
	tui/pane_dossier.c \
	tui/pane_dossiers.c \
	tui/pane_explain.c \
	tui/pane_import.c \
	tui/pane_inbox.c \
	tui/pane_order.c \
	tui/pane_order_part.c \
	tui/pane_order_place.c \
	tui/pane_order_pick.c \
	tui/pane_order_ship.c \
	tui/pane_orders.c \
	tui/pane_product.c \
	tui/pane_products.c \
	tui/pane_receive.c \
	tui/pane_report.c \
	tui/pane_reports.c \
	tui/pane_sign_in.c \
	tui/pane_stocktake.c \
	tui/pane_stocktakes.c \
	tui/pane_sync.c \
	tui/pane_tape.c \
	tui/pane_ticket_order.c \
	tui/pane_tickets.c \
	tui/pane_transfer.c \
	tui/pane_transfer_agree.c \
	tui/pane_unknown.c \
	tui/pane_zones.c \
	tui/panes.h \
	tui/personal.c tui/personal.h \
	tui/product_documents.c tui/product_documents.h \
	tui/product_facts.c tui/product_facts.h \
	tui/receive_keys.c tui/receive_parts.h \
	tui/report_rows.c tui/report_rows.h \
	tui/report_view.c tui/report_view.h \
	tui/say.c tui/say.h \
	tui/scan.c tui/scan.h \
	tui/screen.c tui/screen.h \
	tui/screen_parts.h \
	tui/screen_rights.c \
	tui/screen_route.c \
	tui/screen_status.c \
	tui/screen_store.c \
	tui/screen_tables.c \
	tui/sheet.h \
	tui/sheet_above.c tui/sheet_above.h \
	tui/sheet_count.c \
	tui/sheet_flag.c \
	tui/sheet_info.c \
	tui/sheet_line.c \
	tui/sheet_mark.c \
	tui/sheet_result.c \
	tui/sheet_steps.c \
	tui/sheet_tape.c \
	tui/sheet_typed.c \
	tui/sheet_zone.c \
	tui/shop.c tui/shop.h \
	tui/shop_names.c \
	tui/shop_stock.c tui/shop_stock.h \
	tui/shop_told.c \
	tui/shop_words.c \
	tui/source.c tui/source.h \
	tui/stocktake_figures.c tui/stocktake_figures.h \
	tui/stocktake_list.c tui/stocktake_list.h \
	tui/stocktake_new.c tui/stocktake_new.h \
	tui/stocktake_tables.h \
	tui/sync_rows.c tui/sync_rows.h \
	tui/tabs.c tui/tabs.h \
	tui/task.c tui/task.h \
	tui/term.c tui/term.h \
	tui/ticket_admin.c tui/ticket_admin.h tui/ticket_admin_parts.h \
	tui/ticket_admin_bind.c \
	tui/ticket_asking.c tui/ticket_asking.h \
	tui/ticket_earlier.c tui/ticket_earlier.h \
	tui/ticket_facts.c tui/ticket_facts.h \
	tui/ticket_late.c tui/ticket_late.h \
	tui/ticket_lists.c tui/ticket_lists.h \
	tui/ticket_page.c tui/ticket_page.h \
	tui/ticket_record.c tui/ticket_record.h \
	tui/ticket_redeem.c tui/ticket_redeem.h \
	tui/ticket_redeem_keys.c tui/ticket_redeem_parts.h \
	tui/ticket_result.c tui/ticket_result.h \
	tui/ticket_search.c tui/ticket_search.h \
	tui/transfer_act.c tui/transfer_act.h \
	tui/transfer_data.c tui/transfer_data.h \
	$(none)

libtui_a_SOURCES = $(tui_sources)
nodist_libtui_a_SOURCES = tui/keymap_builtins.c

countertop_SOURCES = tui/main.c
countertop_LDADD = libtui.a $(net_libs) $(CURSES_LIBS)

# The key files are compiled in, so the shipped one is the manual and cannot go missing.
key_files = $(top_srcdir)/keymaps/default.keys
EXTRA_DIST += keymaps/default.keys keymaps/embed.awk
CLEANFILES += tui/keymap_builtins.c

tui/keymap_builtins.c: $(key_files) $(top_srcdir)/keymaps/embed.awk
	$(AM_V_GEN)$(MKDIR_P) tui && LC_ALL=C $(AWK) -f $(top_srcdir)/keymaps/embed.awk $(key_files) >$@.part && mv $@.part $@
