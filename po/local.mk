# Languages are compiled into the build tree where a program run from it finds them.
po_languages = zh_TW
po_catalogues = po/zh_TW/LC_MESSAGES/countertop.mo

EXTRA_DIST += po/zh_TW.po po/update
CLEANFILES += $(po_catalogues)

all-local: $(po_catalogues)
check-local: $(po_catalogues)

po/zh_TW/LC_MESSAGES/countertop.mo: po/zh_TW.po
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(MSGFMT) --check -o $@ $<

install-data-local: $(po_catalogues)
	for lang in $(po_languages); do \
		$(MKDIR_P) "$(DESTDIR)$(localedir)/$$lang/LC_MESSAGES" && \
		$(INSTALL_DATA) "po/$$lang/LC_MESSAGES/countertop.mo" \
			"$(DESTDIR)$(localedir)/$$lang/LC_MESSAGES/countertop.mo" || exit 1; \
	done

uninstall-local:
	for lang in $(po_languages); do \
		rm -f "$(DESTDIR)$(localedir)/$$lang/LC_MESSAGES/countertop.mo"; \
	done
