"""A Modbus server that is not ours, holding values that Python has encoded.

Usage: pymodbus_server.py tcp | rtu-over-tcp | udp | tls DIRECTORY | rtu PORT | ascii PORT

Prints what it holds, one line for each tag (name|table|address|type|order|length|value), then "ready PORT", and serves
until its standard input ends. Values are random; the seed is printed first.
"""

import asyncio
import os
import random
import ssl
import struct
import sys
import threading
from datetime import datetime, timedelta, timezone

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import async_io
from pymodbus.transaction import ModbusAsciiFramer, ModbusRtuFramer, ModbusSocketFramer

ROUNDS = 4
NUMBERS = {
    "int16": "h", "uint16": "H", "int32": "i", "uint32": "I", "int64": "q", "uint64": "Q",
    "float16": "e", "float32": "f", "float64": "d",
}
BCD = {"bcd16": 4, "bcd32": 8, "bcd64": 16}
ORDERS = {"ABCD": (False, False), "CDAB": (True, False), "BADC": (False, True), "DCBA": (True, True)}


def arrange(raw, order):
    """Bytes, most significant first, as a device of that order sends them."""
    reverse, swap = ORDERS[order]
    words = [raw[i:i + 2] for i in range(0, len(raw), 2)]
    if reverse:
        words.reverse()
    if swap:
        words = [word[::-1] for word in words]
    return b"".join(words)


def number(kind, dice):
    raw = bytes(dice.randrange(256) for _ in range(struct.calcsize(">" + NUMBERS[kind])))
    value = struct.unpack(">" + NUMBERS[kind], raw)[0]
    if kind.startswith("float") and value != value:
        raw = struct.pack(">" + NUMBERS[kind], 1.5)
        value = 1.5
    return raw, repr(value)


def times(dice):
    """(type, order, bytes as sent, value as text)"""
    at = datetime(2000, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=dice.randrange(1, 2_800_000_000))
    utc = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    # A local time of ISO 8601 as Java writes it: without seconds that are 0 it would differ, so they are not.
    local = at.replace(second=max(1, at.second))
    text = local.strftime("%Y-%m-%dT%H:%M:%S")
    year = local.year - 2000
    millis = dice.randrange(1, 1000)
    for order in ORDERS:
        yield "datetime-unix", order, arrange(struct.pack(">I", int(at.timestamp())), order), utc
        yield "datetime-unix-ms", order, arrange(struct.pack(">q", int(at.timestamp()) * 1000), order), utc
        # Registers in turn, not one number: the last one first where the order says so.
        parts = [local.year, local.month, local.day, local.hour, local.minute, local.second]
        yield "datetime-registers", order, arrange(struct.pack(">6H", *parts), order), text
    yield "datetime-iec870", "ABCD", struct.pack(
        ">4H", year, local.month << 8 | dice.randrange(8) << 5 | local.day, local.hour << 8 | local.minute,
        local.second * 1000), text
    yield "datetime-bcd", "ABCD", bytes.fromhex(local.strftime("%y%m%d%H%M%S")), text
    yield "datetime-bytes", "ABCD", bytes(
        [year, local.month, local.day, local.hour, local.minute, local.second]), text
    yield "datetime-powerlogic", "ABCD", bytes(
        [local.month, local.day, local.year - 1900, local.hour, local.minute, local.second]), text
    # Milliseconds, and the day of the week from Sunday, which is 1.
    weekday = local.isoweekday() % 7 + 1
    yield "datetime-s7", "ABCD", bytes.fromhex(
        local.strftime("%y%m%d%H%M%S") + f"{millis:03d}{weekday}"), text + f".{millis:03d}".rstrip("0")


def tags(dice):
    """(type, order, bytes as sent, value as text, length)"""
    for _ in range(ROUNDS):
        for kind in NUMBERS:
            for order in ORDERS if kind.endswith(("32", "64")) else ["ABCD"]:
                raw, value = number(kind, dice)
                yield kind, order, arrange(raw, order), value, 0
        for kind, digits in BCD.items():
            for order in ORDERS if digits > 4 else ["ABCD"]:
                text = "".join(str(dice.randrange(10)) for _ in range(digits))
                yield kind, order, arrange(bytes.fromhex(text), order), str(int(text)), 0
        for kind in ("int8-high", "int8-low", "uint8-high", "uint8-low"):
            raw = bytes([dice.randrange(256), dice.randrange(256)])
            part = raw[0 if kind.endswith("high") else 1:][:1]
            yield kind, "ABCD", raw, str(struct.unpack("b" if kind.startswith("i") else "B", part)[0]), 0
        text = "".join(dice.choice("ABCxyz 019") for _ in range(7)).strip() or "x"
        yield "string", "ABCD", text.encode().ljust(10, b"\0"), text, 10
        yield "string", "BADC", arrange(text.encode().ljust(10), "BADC"), text, 10
        for kind, order, raw, value in times(dice):
            yield kind, order, raw, value, 0
        raw = bytes(dice.randrange(256) for _ in range(6))
        yield "bytes", "ABCD", raw, raw.hex(), 6


def fill():
    seed = int(os.environ.get("SEED", random.randrange(1 << 30)))
    print("seed", seed)
    dice = random.Random(seed)
    blocks = {name: [0] * 2000 for name in ("coil", "discrete", "holding", "input")}
    address = 0
    for i, (kind, order, raw, value, length) in enumerate(tags(dice)):
        table = ("holding", "input")[i % 2]
        for at in range(0, len(raw), 2):
            blocks[table][address + at // 2] = raw[at] << 8 | raw[at + 1]
        print(f"t{i}|{table}|{address}|{kind}|{order}|{length}|{value}")
        address += len(raw) // 2 + dice.randrange(3)
    for table in ("coil", "discrete"):
        for at in range(0, 60, dice.randrange(1, 4)):
            blocks[table][at] = dice.randrange(2)
            print(f"{table}{at}|{table}|{at}|bool|ABCD|0|{str(bool(blocks[table][at])).lower()}")
    return blocks


def context(blocks):
    def block(name):
        return ModbusSequentialDataBlock(0, blocks[name])

    slave = ModbusSlaveContext(
        co=block("coil"), di=block("discrete"), hr=block("holding"), ir=block("input"), zero_mode=True)
    return ModbusServerContext(slaves={1: slave, 7: slave}, single=False)


async def serve_tcp(store, framer):
    server = async_io.ModbusTcpServer(store, framer=framer, address=("127.0.0.1", 0))
    serving = asyncio.ensure_future(server.serve_forever())
    while server.server is None:
        await asyncio.sleep(0.01)
    print("ready", server.server.sockets[0].getsockname()[1], flush=True)
    await serving


async def serve_udp(store):
    server = async_io.ModbusUdpServer(store, framer=ModbusSocketFramer, address=("127.0.0.1", 0))
    serving = asyncio.ensure_future(server.serve_forever())
    while server.protocol is None:
        await asyncio.sleep(0.01)
    print("ready", server.protocol.get_extra_info("sockname")[1], flush=True)
    await serving


async def serve_tls(store, directory):
    """Modbus/TCP Security: MBAP frames inside TLS, and the client needs a certificate too."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(directory + "/server.pem", directory + "/server.key")
    tls.load_verify_locations(directory + "/ca.pem")
    tls.verify_mode = ssl.CERT_REQUIRED
    server = async_io.ModbusTlsServer(store, framer=ModbusSocketFramer, address=("127.0.0.1", 0), sslctx=tls)
    serving = asyncio.ensure_future(server.serve_forever())
    while server.server is None:
        await asyncio.sleep(0.01)
    print("ready", server.server.sockets[0].getsockname()[1], flush=True)
    await serving


async def serve_serial(store, port, framer):
    server = async_io.ModbusSerialServer(store, framer=framer, port=port, baudrate=115200)
    await server.start()
    print("ready", port, flush=True)
    await server.serve_forever()


def leave_with_parent():
    sys.stdin.read()
    os._exit(0)


def main():
    threading.Thread(target=leave_with_parent, daemon=True).start()
    store = context(fill())
    if sys.argv[1] in ("rtu", "ascii"):
        framer = ModbusRtuFramer if sys.argv[1] == "rtu" else ModbusAsciiFramer
        asyncio.run(serve_serial(store, sys.argv[2], framer))
    elif sys.argv[1] == "udp":
        asyncio.run(serve_udp(store))
    elif sys.argv[1] == "tls":
        asyncio.run(serve_tls(store, sys.argv[2]))
    else:
        asyncio.run(serve_tcp(store, ModbusRtuFramer if sys.argv[1] == "rtu-over-tcp" else ModbusSocketFramer))


main()
