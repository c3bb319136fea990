noinst_LIBRARIES += libmodel.a

model_sources = \
	model/i18n.c \
	model/i18n.h \
	model/tables.def \
	model/command.def \
	model/view.def \
	$(none)

libmodel_a_SOURCES = $(model_sources)
