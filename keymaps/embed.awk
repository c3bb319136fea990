# Turns key files into keymap_builtins[], named after the files without ".keys".
BEGIN {
	print "/* Made from keymaps/ by keymaps/embed.awk. */"
	print "#include \"tui/keymap.h\"\n"
	print "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n"
	print "const struct keymap_builtin keymap_builtins[] = {"
}
FNR == 1 {
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.keys$/, "", name)
	if (NR > 1)
		print "\t},"
	printf "\t{\n\t\t\"%s\",\n", name
}
{
	gsub(/\\/, "\\\\")
	gsub(/"/, "\\\"")
	printf "\t\t\"%s\\n\"\n", $0
}
END {
	print "\t},\n};"
	print "const size_t keymap_builtins_count = sizeof(keymap_builtins) / sizeof(keymap_builtins[0]);"
}
