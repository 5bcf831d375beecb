"""A Modbus TCP server on pymodbus that holds known values of every basic type.

Packs the registers with Python's struct, so that the expectation does not come from the code under test. Listens on a free
port of 127.0.0.1, or on the one given as argument; prints one line of JSON with what it holds, and then "ready PORT".
"""

import asyncio
import json
import struct
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server.async_io import ModbusTcpServer

# name: (table, address, format of struct, order, value). The order is the one of the bytes of the value on the wire.
NUMBERS = {
    "int16-min": ("holding", 0, "h", "ABCD", -32768),
    "uint16-max": ("holding", 1, "H", "ABCD", 65535),
    "int32": ("holding", 2, "i", "ABCD", -123456789),
    "int32-words-swapped": ("holding", 4, "i", "CDAB", -123456789),
    "uint32": ("holding", 6, "I", "ABCD", 4294967295),
    "uint32-bytes-swapped": ("holding", 8, "I", "BADC", 3000000000),
    "int64": ("holding", 10, "q", "ABCD", -9007199254740993),
    "uint64": ("holding", 14, "Q", "ABCD", 18446744073709551615),
    "float32": ("holding", 18, "f", "ABCD", 230.125),
    "float32-words-swapped": ("input", 0, "f", "CDAB", -0.0625),
    "float32-all-swapped": ("input", 2, "f", "DCBA", 1.5e9),
    "float64": ("input", 4, "d", "ABCD", 3.141592653589793),
}
TEXT = ("holding", 30, "Sluice e2e")
BITS = {
    "coil-on": ("coil", 3, True),
    "coil-off": ("coil", 4, False),
    "discrete-on": ("discrete", 17, True),
}
WORD_OF_BITS = ("holding", 40, 0b1000_0000_0000_0100)
COUNTER = ("holding", 50)
ILLEGAL_FROM = 200


def registers(form, order, value):
    packed = struct.pack(">" + form, value)
    words = [packed[at : at + 2] for at in range(0, len(packed), 2)]
    if order in ("CDAB", "DCBA"):
        words.reverse()
    if order in ("BADC", "DCBA"):
        words = [word[::-1] for word in words]
    return [struct.unpack(">H", word)[0] for word in words]


def tables():
    held = {
        "coil": [False] * ILLEGAL_FROM,
        "discrete": [False] * ILLEGAL_FROM,
        "holding": [0] * ILLEGAL_FROM,
        "input": [0] * ILLEGAL_FROM,
    }
    expected = {}
    for name, (table, address, form, order, value) in NUMBERS.items():
        words = registers(form, order, value)
        held[table][address : address + len(words)] = words
        expected[name] = value
    table, address, text = TEXT
    words = struct.unpack(f">{len(text) // 2}H", text.encode("ascii"))
    held[table][address : address + len(words)] = words
    expected["text"] = text
    for name, (table, address, value) in BITS.items():
        held[table][address] = value
        expected[name] = value
    table, address, value = WORD_OF_BITS
    held[table][address] = value
    expected["bit-2"] = True
    expected["bit-3"] = False
    expected["bit-15"] = True
    return held, expected


async def count(block, address):
    """A 32-bit counter that changes ten times a second."""
    value = 0
    while True:
        await asyncio.sleep(0.1)
        value += 1
        block.setValues(address + 1, list(struct.unpack(">HH", struct.pack(">I", value))))


async def main():
    held, expected = tables()
    # pymodbus adds 1 to the address on the wire, so its blocks begin at 1.
    blocks = {table: ModbusSequentialDataBlock(1, values) for table, values in held.items()}
    unit = ModbusSlaveContext(di=blocks["discrete"], co=blocks["coil"], hr=blocks["holding"], ir=blocks["input"])
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    server = ModbusTcpServer(
        ModbusServerContext(slaves=unit, single=True), address=("127.0.0.1", port), allow_reuse_address=True
    )
    serving = asyncio.create_task(server.serve_forever())
    counting = asyncio.create_task(count(blocks["holding"], COUNTER[1]))
    await server.serving
    print(json.dumps(expected), flush=True)
    print("ready", server.server.sockets[0].getsockname()[1], flush=True)
    await asyncio.gather(serving, counting)


asyncio.run(main())
