"""A mail server that takes everything, in a process of its own, as far away as a mail server is.

It offers PIPELINING, as Postfix, Exim and Exchange do. Each answer takes the way back and forth.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from workshop.runner.processes import die_with


@contextmanager
def mail_server(round_trip_seconds: float = 0.0) -> Iterator[int]:
    """Serve until the block ends; yields the port."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_run, args=[os.getpid(), there, round_trip_seconds], daemon=True
    )
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


def _run(parent: int, pipe: Connection, round_trip_seconds: float) -> None:
    die_with(parent, signal.SIGTERM)
    asyncio.run(_serve(pipe, round_trip_seconds))


async def _serve(pipe: Connection, round_trip_seconds: float) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _talk(reader, _FarAway(writer, round_trip_seconds))

    server = await asyncio.start_server(talk, "127.0.0.1", 0, backlog=200)
    pipe.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


class _FarAway:
    """Lets every answer arrive a round trip later, however many are under way."""

    def __init__(self, writer: asyncio.StreamWriter, round_trip_seconds: float) -> None:
        self.writer = writer
        self.seconds = round_trip_seconds

    def say(self, line: bytes) -> None:
        asyncio.get_running_loop().call_later(self.seconds, self.writer.write, line + b"\r\n")

    def leave(self) -> None:
        asyncio.get_running_loop().call_later(self.seconds, self.writer.close)


async def _talk(reader: asyncio.StreamReader, answer: _FarAway) -> None:
    answer.say(b"220 ready")
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"EHLO":
            answer.say(b"250-far-away\r\n250 PIPELINING")
        elif verb == b"DATA":
            answer.say(b"354 go on")
            await reader.readuntil(b"\r\n.\r\n")
            answer.say(b"250 taken")
        elif verb == b"QUIT":
            answer.say(b"221 bye")
            break
        else:
            answer.say(b"250 ok")
    answer.leave()
