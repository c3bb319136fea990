# A test program is one line in test_programs and one file tests/<name>.c holding one cmocka
# group. Tests that need more than the model say so below with <name>_LDADD.
test_programs = \
	tests/test_barcode \
	tests/test_report \
	tests/test_scan \
	tests/test_document_draft \
	tests/test_document_figures \
	tests/test_document_rows \
	tests/test_screen_count \
	tests/test_screen_detail \
	tests/test_screen_documents \
	tests/test_screen_dossier \
	tests/test_screen_explain \
	tests/test_screen_export \
	tests/test_screen_import \
	tests/test_screen_inbox \
	tests/test_screen_new_documents \
	tests/test_screen_order \
	tests/test_screen_orders \
	tests/test_screen_audit \
	tests/test_screen_order_ship \
	tests/test_screen_products \
	tests/test_screen_receive \
	tests/test_screen_redeem \
	tests/test_screen_redeem_again \
	tests/test_screen_reports \
	tests/test_screen_seats \
	tests/test_screen_correct \
	tests/test_screen_sheet \
	tests/test_screen_sheet_foot \
	tests/test_screen_shell \
	tests/test_screen_sync \
	tests/test_ticket_clerk \
	tests/test_ticket_pages \
	tests/e2e_doctor \
	tests/test_tui_cols \
	tests/test_tui_edit \
	tests/test_tui_keymap \
	tests/test_tui_kit \
	tests/test_tui_layout \
	tests/test_tui_list \
	tests/test_tui_marks \
	tests/e2e_sync \
	tests/e2e_sync_hostile \
	tests/e2e_sync_service \
	tests/sim \
	tests/test_cli \
	tests/test_far_stock \
	tests/test_sync_ask \
	tests/test_sync_manners \
	tests/test_cli_export \
	tests/test_cli_count \
	tests/test_cli_stocktake \
	tests/test_cli_tickets \
	tests/test_cli_import \
	tests/test_import_kill \
	tests/test_sync_pull \
	tests/test_sync_push \
	tests/test_sync_versions \
	tests/test_trouble \
	tests/test_catalogue \
	tests/test_import \
	tests/test_json \
	tests/test_command \
	tests/test_console \
	tests/test_console_copy \
	tests/test_console_odd \
	tests/test_console_trouble \
	tests/test_power \
	tests/test_grid \
	tests/test_hq_access \
	tests/test_hq_api \
	tests/test_hq_commands \
	tests/test_hq_demo \
	tests/test_hq_feeds \
	tests/test_hq_guests \
	tests/test_hq_orders \
	tests/test_hq_together \
	tests/test_hq_trouble \
	tests/test_i18n \
	tests/test_movement \
	tests/test_movement_end \
	tests/test_movement_goods \
	tests/test_movement_matrix \
	tests/test_order \
	tests/test_order_audit \
	tests/test_order_source \
	tests/test_order_console \
	tests/test_order_matrix \
	tests/test_order_property \
	tests/test_goods_property \
	tests/test_explain \
	tests/test_goods_order \
	tests/test_goods_matrix \
	tests/test_stock \
	tests/test_transfer \
	tests/test_stocktake \
	tests/test_stocktake_any_order \
	tests/test_stocktake_matrix \
	tests/test_stocktake_property \
	tests/test_stocktake_blind \
	tests/test_stocktake_doubt \
	tests/test_stocktake_figures \
	tests/test_stocktake_finish \
	tests/test_stocktake_result \
	tests/test_stocktake_times \
	tests/test_stocktake_zones \
	tests/test_screen_stocktakes \
	tests/test_screen_tickets \
	tests/test_screen_ticket_admin \
	tests/test_screen_ticket_search \
	tests/test_screen_zones \
	tests/test_screen_transfers \
	tests/test_ticket \
	tests/test_ticket_bind \
	tests/test_ticket_code \
	tests/test_ticket_dossier \
	tests/test_ticket_matrix \
	tests/test_ticket_days \
	tests/test_ticket_property \
	tests/test_ticket_refused \
	tests/test_view \
	tests/test_view_order \
	tests/test_view_sheet \
	tests/test_view_tickets \
	tests/test_bad_input \
	tests/e2e_bad_hq \
	tests/e2e_faults \
	tests/e2e_faults_clients \
	tests/e2e_faults_slow \
	tests/e2e_faults_storm \
	tests/e2e_language \
	tests/e2e_redeem \
	tests/e2e_ticket_privacy \
	tests/e2e_ticket_clerk \
	tests/e2e_ticket_race \
	tests/e2e_cache \
	tests/e2e_first_sync \
	tests/e2e_refused \
	tests/e2e_offline_kill \
	tests/e2e_two_shops \
	tests/e2e_documents \
	tests/e2e_audit \
	tests/e2e_order_crowd \
	tests/e2e_order_flows \
	tests/e2e_documents_race \
	tests/e2e_bad_screen \
	tests/e2e_stocktake \
	tests/e2e_seats \
	tests/e2e_scans \
	tests/e2e_week \
	tests/e2e_kills \
	tests/e2e_homes_damage \
	tests/e2e_homes_full \
	tests/e2e_homes_copies \
	$(none)

# Scripts that print TAP; they see the build tree in $builddir and the sources in $srcdir.
test_scripts = \
	tests/e2e_hq.sh \
	tests/e2e_web_shop.sh \
	tests/test_check_includes.sh \
	$(none)

# What several tests share (fakes, the terminal harness) is linked into each as libtestkit.a.
test_kit_sources = \
	tests/console_place.c tests/console_place.h \
	tests/cli_desk.c tests/cli_desk.h \
	tests/folder.c tests/folder.h tests/sanitized.h \
	tests/grid_rows.c tests/grid_rows.h \
	tests/feed_copy.c tests/feed_copy.h \
	tests/hq_fixture.c tests/hq_fixture.h \
	tests/screen/screen.c tests/screen/screen.h \
	tests/screen/screen_cells.c tests/screen/screen_look.c tests/screen/screen_type.c \
	tests/screen/screen_keys.c tests/screen/screen_keys.h tests/screen/screen_parts.h \
	tests/screen/document_steps.c tests/screen/document_steps.h \
	tests/screen/sheet_steps.c tests/screen/sheet_steps.h \
	tests/screen/shop_fixture.c tests/screen/shop_fixture.h \
	tests/screen/order_steps.c tests/screen/order_steps.h \
	tests/screen/ticket_counter.c tests/screen/ticket_counter.h \
	tests/e2e_fake.c tests/e2e_fake.h \
	tests/e2e_homes.c tests/e2e_homes.h \
	tests/fault_proxy.c tests/fault_proxy.h tests/fault_proxy_link.c \
	tests/fault_proxy_parts.h tests/fault_proxy_table.c \
	tests/fault_shop.c tests/fault_shop.h \
	tests/e2e_keeper.c tests/e2e_parts.h \
	tests/e2e_kit.c tests/e2e_kit.h \
	tests/e2e_rest.c \
	tests/e2e_truth.c tests/e2e_truth.h \
	tests/e2e_words.c tests/e2e_words.h \
	tests/sync_stage.c tests/sync_stage.h \
	tests/sync_world.c tests/sync_world.h \
	tests/fault_vfs.c tests/fault_vfs.h \
	tests/memory_disk.c tests/memory_disk.h \
	tests/memory_disk_file.c tests/memory_disk_parts.h \
	tests/goods_rules.c tests/goods_rules.h \
	tests/model_fixture.c tests/model_fixture.h \
	tests/movement_steps.c tests/movement_steps.h \
	tests/sheets.c tests/sheets.h \
	tests/views.c tests/views.h \
	$(none)

check_LIBRARIES += libtestkit.a
libtestkit_a_SOURCES = $(test_kit_sources)

check_PROGRAMS += $(test_programs)
dist_check_SCRIPTS = $(test_scripts) tests/check_includes tests/check_style tests/sabotage
EXTRA_DIST += tests/sabotage.list
TESTS += $(test_programs) $(test_scripts)

LDADD = libtestkit.a $(model_libs) $(CMOCKA_LIBS)
net_test_libs = libtestkit.a $(net_libs) $(CMOCKA_LIBS)
tui_test_libs = libtestkit.a $(tui_libs) $(CMOCKA_LIBS)
hq_test_libs = libtestkit.a $(hq_libs) $(CMOCKA_LIBS)
# Console and HQ in one program: end-to-end tests and the simulator.
all_test_libs = libtestkit.a libtui.a libnet.a libhq.a $(model_libs) \
	$(CURL_LIBS) $(MHD_LIBS) $(CURSES_LIBS) $(VTERM_LIBS) $(CMOCKA_LIBS)

# Example:
# tests_test_sync_LDADD = $(net_test_libs)

tests_test_document_rows_LDADD = $(tui_test_libs)
tests_test_document_figures_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_document_draft_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_count_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_zones_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_detail_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_documents_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_dossier_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_explain_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_export_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_import_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_inbox_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_new_documents_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_products_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_reports_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_correct_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_sheet_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_sheet_foot_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_receive_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_seats_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_shell_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_sync_LDADD = $(all_test_libs)

# The simulator: tests/sim [SEEDS] [FIRST].
tests_sim_SOURCES = \
	tests/sim.c tests/sim.h tests/sim_main.c \
	tests/sim_home.c tests/sim_hq.c tests/sim_act.c \
	tests/sim_net.c tests/sim_fate.c \
	tests/sim_check.c tests/sim_check_hq.c tests/sim_check_screen.c
tests_sim_LDADD = libtestkit.a libnet.a libhq.a $(model_libs) $(CURL_LIBS)
# Real processes: they run ./countertop and ./countertop-hq.
tests_e2e_sync_LDADD = $(net_test_libs)
tests_e2e_sync_hostile_LDADD = $(net_test_libs)
tests_e2e_sync_service_LDADD = $(net_test_libs)
tests_test_cli_LDADD = libtestkit.a libtui.a $(net_libs) $(CURSES_LIBS) $(CMOCKA_LIBS)
tests_test_far_stock_LDADD = $(net_test_libs)
tests_test_sync_ask_LDADD = $(net_test_libs)
tests_test_sync_manners_LDADD = $(net_test_libs)
tests_test_cli_export_LDADD = $(tests_test_cli_LDADD)
tests_test_cli_count_LDADD = $(tests_test_cli_LDADD)
tests_test_cli_stocktake_LDADD = $(tests_test_cli_LDADD)
tests_test_cli_tickets_LDADD = $(tests_test_cli_LDADD)
tests_test_cli_import_LDADD = $(tests_test_cli_LDADD)
tests_test_import_kill_LDADD = $(tests_test_cli_LDADD)
tests_test_sync_pull_LDADD = $(net_test_libs)
tests_test_sync_push_LDADD = $(net_test_libs)
tests_test_sync_versions_LDADD = $(net_test_libs)
tests_test_trouble_LDADD = $(net_test_libs)

tests_test_scan_LDADD = $(tui_test_libs) -lm
tests_test_tui_cols_LDADD = $(tui_test_libs)
tests_test_tui_edit_LDADD = $(tui_test_libs)
tests_test_tui_keymap_LDADD = $(tui_test_libs)
tests_test_tui_layout_LDADD = $(tui_test_libs)
tests_test_tui_list_LDADD = $(tui_test_libs)
tests_test_tui_marks_LDADD = $(tui_test_libs)
screen_test_libs = $(tui_test_libs) $(VTERM_LIBS)
tests_test_tui_kit_LDADD = $(screen_test_libs)
tests_test_screen_stocktakes_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_transfers_LDADD = $(tui_test_libs) $(VTERM_LIBS)
tests_test_screen_redeem_LDADD = $(screen_test_libs)
tests_test_screen_redeem_again_LDADD = $(screen_test_libs)
tests_test_screen_tickets_LDADD = $(screen_test_libs)
tests_test_screen_order_LDADD = $(screen_test_libs)
tests_test_screen_orders_LDADD = $(screen_test_libs)
tests_test_screen_audit_LDADD = $(screen_test_libs)
tests_test_screen_order_ship_LDADD = $(screen_test_libs)
tests_test_screen_ticket_admin_LDADD = $(screen_test_libs)
tests_test_screen_ticket_search_LDADD = $(screen_test_libs)
tests_test_ticket_clerk_LDADD = $(screen_test_libs)
tests_test_ticket_pages_LDADD = $(tui_test_libs)

# The kit without business, which test_tui_kit drives in a pseudo-terminal.
check_PROGRAMS += tests/kit_demo
tests_kit_demo_SOURCES = tests/screen/kit_demo.c tests/screen/kit_demo_ask.c tests/screen/kit_demo.h
tests_kit_demo_LDADD = $(tui_libs)
EXTRA_DIST += tests/data/gs1.json tests/data/scan_traces.json tests/data/order_flows.json

tests_test_hq_access_LDADD = $(hq_test_libs)
tests_test_hq_api_LDADD = $(hq_test_libs)
tests_test_hq_commands_LDADD = $(hq_test_libs)
tests_test_hq_demo_LDADD = $(hq_test_libs)
tests_test_hq_feeds_LDADD = $(hq_test_libs)
tests_test_ticket_bind_LDADD = $(hq_test_libs)
tests_test_ticket_dossier_LDADD = $(hq_test_libs)
tests_test_ticket_refused_LDADD = $(hq_test_libs)
tests_test_hq_guests_LDADD = $(hq_test_libs)
tests_test_hq_orders_LDADD = $(hq_test_libs)
tests_test_hq_together_LDADD = $(hq_test_libs)
tests_test_hq_trouble_LDADD = $(hq_test_libs)

# The real programs together; built first, since the tests run them.
e2e_test_libs = libtestkit.a $(model_libs) $(CURL_LIBS) $(VTERM_LIBS) $(CMOCKA_LIBS)
tests_test_bad_input_LDADD = $(e2e_test_libs)
tests_e2e_bad_hq_LDADD = $(e2e_test_libs)
# tests/e2e_faults_storm [COMMANDS] [SEED]
tests_e2e_faults_storm_LDADD = $(e2e_test_libs)
tests_e2e_faults_LDADD = $(e2e_test_libs)
tests_e2e_faults_clients_LDADD = $(e2e_test_libs)
tests_e2e_faults_slow_LDADD = libtestkit.a $(net_libs) $(VTERM_LIBS) $(CMOCKA_LIBS)
tests_e2e_language_LDADD = $(e2e_test_libs)
tests_e2e_doctor_LDADD = $(e2e_test_libs)
tests_e2e_redeem_LDADD = $(e2e_test_libs)
tests_e2e_ticket_privacy_LDADD = $(e2e_test_libs)
tests_e2e_ticket_clerk_LDADD = $(e2e_test_libs)
# tests/e2e_ticket_race [ROUNDS] [SEED]
tests_e2e_ticket_race_LDADD = $(e2e_test_libs)
tests_e2e_cache_LDADD = $(e2e_test_libs)
tests_e2e_first_sync_LDADD = $(e2e_test_libs)
tests_e2e_refused_LDADD = $(e2e_test_libs)
tests_e2e_offline_kill_LDADD = $(e2e_test_libs)
tests_e2e_two_shops_LDADD = $(e2e_test_libs)
tests_e2e_documents_LDADD = $(e2e_test_libs)
tests_e2e_audit_LDADD = $(e2e_test_libs)
tests_e2e_order_crowd_LDADD = $(e2e_test_libs)
tests_e2e_order_flows_LDADD = $(e2e_test_libs)
# tests/e2e_documents_race [ROUNDS]
tests_e2e_documents_race_LDADD = $(e2e_test_libs)
tests_e2e_bad_screen_LDADD = $(e2e_test_libs)
tests_test_stocktake_blind_LDADD = $(e2e_test_libs)
tests_e2e_stocktake_LDADD = $(e2e_test_libs)
# tests/e2e_scans [SECONDS] [SEED]
tests_e2e_scans_LDADD = $(e2e_test_libs)
tests_e2e_seats_LDADD = $(e2e_test_libs)
tests_e2e_week_LDADD = $(e2e_test_libs)
# tests/e2e_kills [KILLS] [SEED]
tests_e2e_kills_SOURCES = tests/e2e_kills.c tests/e2e_kills.h tests/e2e_kills_load.c \
	tests/e2e_kills_seat.c tests/e2e_kills_check.c
tests_e2e_kills_LDADD = $(e2e_test_libs)
tests_e2e_homes_damage_LDADD = $(e2e_test_libs)
tests_e2e_homes_full_LDADD = $(e2e_test_libs)
tests_e2e_homes_copies_LDADD = $(e2e_test_libs)

# Five stores and their HQ in one program.
# tests/test_goods_property [SEEDS] [FIRST]
goods_world = tests/goods_world.c tests/goods_world.h
tests_test_goods_property_SOURCES = tests/test_goods_property.c $(goods_world) \
	tests/goods_acts.c tests/goods_acts.h
# tests/test_explain [SEEDS] [FIRST]
tests_test_explain_SOURCES = tests/test_explain.c $(goods_world) tests/goods_acts.c tests/goods_acts.h
tests_test_explain_LDADD = libtestkit.a libnet.a libhq.a $(model_libs) $(CURL_LIBS) $(CMOCKA_LIBS)
# tests/test_goods_order [SHUFFLES]
tests_test_goods_order_SOURCES = tests/test_goods_order.c $(goods_world)
tests_test_goods_order_LDADD = libtestkit.a libnet.a libhq.a $(model_libs) $(CURL_LIBS) $(CMOCKA_LIBS)
# tests/test_order_console [SEEDS] [FIRST]
tests_test_order_console_SOURCES = tests/test_order_console.c $(goods_world)
tests_test_order_console_LDADD = $(tests_test_goods_order_LDADD)
tests_test_goods_matrix_SOURCES = tests/test_goods_matrix.c $(goods_world)
tests_test_goods_matrix_LDADD = $(tests_test_goods_order_LDADD)
# tests/test_stocktake_property [SEEDS] [FIRST]
tests_test_stocktake_property_SOURCES = tests/test_stocktake_property.c tests/shelf.c tests/shelf.h \
	$(goods_world)
tests_test_stocktake_property_LDADD = $(tests_test_goods_order_LDADD)
# tests/test_ticket_property [SEEDS] [FIRST]
tests_test_ticket_property_SOURCES = tests/test_ticket_property.c tests/ticket_acts.c tests/ticket_acts.h \
	tests/ticket_oracle.c tests/ticket_oracle.h tests/ticket_run.c tests/ticket_run.h $(goods_world)
tests_test_ticket_property_LDADD = $(tests_test_goods_order_LDADD)
tests_test_goods_property_LDADD = libtestkit.a libnet.a libhq.a $(model_libs) $(CURL_LIBS) $(CMOCKA_LIBS)

# A test that hangs is ended with everything it started.
LOG_COMPILER = timeout --kill-after=5 300
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	builddir='$(abs_top_builddir)'; export builddir; \
	srcdir='$(abs_top_srcdir)'; export srcdir; \
	TEXTDOMAINDIR='$(abs_top_builddir)/po'; export TEXTDOMAINDIR; \
	LC_ALL=C.UTF-8; export LC_ALL; \
	TZ=Asia/Taipei; export TZ;
