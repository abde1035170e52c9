"""The Python side of PythonSharedMemoryTest: executes the statements that come, one on a line, and answers each with one line.

That is the repr of its value for an expression, "ok" for another statement, and the exception's type and text if it fails.
"""
import sys

names = {}
for line in sys.stdin:
    try:
        try:
            code = compile(line.strip(), "<statement>", "eval")
        except SyntaxError:
            exec(line, names)
            answer = "ok"
        else:
            answer = repr(eval(code, names))
    except Exception as e:
        answer = "%s: %s" % (type(e).__name__, e)
    print(answer)
    sys.stdout.flush()
