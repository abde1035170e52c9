"""The Python side of PythonPeerTest; standard library only, Python 3.6 and later.

python_peer.py client   AF_UNIX|AF_INET KEY ADDRESS    connects; prints "connected"
python_peer.py listener AF_UNIX|AF_INET KEY            prints its address, accepts one; prints "connected"

Then it answers each message with the same message, but for three requests, until the other side closes.
A failed authentication prints its name and text and exits with code 3; one that the other side breaks off, too.
"""
import os
import sys
from multiprocessing import AuthenticationError, reduction
from multiprocessing.connection import Client, Connection, Listener


def say(*words):
    print(*words)
    sys.stdout.flush()


def answer(connection):
    while True:
        try:
            message = connection.recv_bytes()
        except EOFError:
            return
        if message == b"send a pickle":
            connection.send({"a": [1, 2, 3]})
        elif message == b"take a handle":
            with Connection(reduction.recv_handle(connection), readable=False) as writer:
                writer.send_bytes(b"by the handle")
        elif message == b"give a handle":
            reader, writer = os.pipe()
            reduction.send_handle(connection, reader, None)
            os.close(reader)
            with Connection(writer, readable=False) as end:
                end.send_bytes(b"by the handle")
        else:
            connection.send_bytes(message)


def main(role, family, key, *address):
    key = bytes.fromhex(key)
    if role == "client":
        place = address[0] if family == "AF_UNIX" else ("127.0.0.1", int(address[0]))
        with Client(place, family, authkey=key) as connection:
            say("connected")
            answer(connection)
    else:
        with Listener(("127.0.0.1", 0) if family == "AF_INET" else None, family, authkey=key) as listener:
            say(listener.address if family == "AF_UNIX" else listener.address[1])
            with listener.accept() as connection:
                say("connected")
                answer(connection)


try:
    main(*sys.argv[1:])
except (AuthenticationError, EOFError, ConnectionError) as e:
    say("%s: %s" % (type(e).__name__, e))
    sys.exit(3)
