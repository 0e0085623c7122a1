"""Many files: finding them, cleaning them in worker processes, writing them safely, going on after an interruption.

find      which files are meant, and what each one's output is called
reading   the bytes of one source, or the reason why there are none
writing   files that appear whole or not at all
work      one source from bytes to files, with the proof
tally     what is counted
ledger    what is done and what is not, in one SQLite file
workers   processes that may crash or hang without harm
run       the whole batch
restore   all sources of an output, given back
"""
