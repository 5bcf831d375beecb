// A Modbus server over TCP or a serial line that is not ours, holding values that Node.js has encoded.
//
// Usage: node modbus_serial_server.js MODULES [rtu PORT]
//
// Prints what it holds, one line for each tag (name|table|address|type|order|length|value), then "ready PORT", and serves until
// its standard input ends.
'use strict'
const net = require('net')
const path = require('path')
const { randomBytes } = require('crypto')
const { ServerTCP, ServerSerial } = require(path.join(process.argv[2], 'modbus-serial'))

const REGISTERS = 2000
const memory = Buffer.alloc(2 * REGISTERS)
const coils = Array.from(randomBytes(40), byte => byte % 2 === 1)

const ORDERS = { ABCD: [false, false], CDAB: [true, false], BADC: [false, true], DCBA: [true, true] }
const NUMBERS = {
  int16: [2, b => b.readInt16BE()],
  uint16: [2, b => b.readUInt16BE()],
  int32: [4, b => b.readInt32BE()],
  uint32: [4, b => b.readUInt32BE()],
  int64: [8, b => b.readBigInt64BE()],
  uint64: [8, b => b.readBigUInt64BE()],
  float32: [4, b => b.readFloatBE()],
  float64: [8, b => b.readDoubleBE()]
}

/** Bytes, most significant first, as a device of that order sends them. */
function arrange (bytes, [reverse, swap]) {
  const words = []
  for (let i = 0; i < bytes.length; i += 2) {
    words.push(swap ? Buffer.from([bytes[i + 1], bytes[i]]) : bytes.subarray(i, i + 2))
  }
  return Buffer.concat(reverse ? words.reverse() : words)
}

let address = 0
function hold (type, order, bytes, value, length) {
  bytes.copy(memory, 2 * address)
  console.log(['t' + address, address % 2 ? 'input' : 'holding', address, type, order, length, value].join('|'))
  address += Math.ceil(bytes.length / 2) + randomBytes(1)[0] % 3
}

for (let round = 0; round < 6; round++) {
  for (const [type, [size, read]] of Object.entries(NUMBERS)) {
    for (const order of size > 2 ? Object.keys(ORDERS) : ['ABCD']) {
      let bytes = randomBytes(size)
      while (Number.isNaN(Number(read(bytes)))) bytes = randomBytes(size)
      hold(type, order, arrange(bytes, ORDERS[order]), read(bytes), 0)
    }
  }
  const text = 'grüße ' + round
  const padded = Buffer.alloc(12)
  padded.write(text, 'utf8')
  hold('string', 'ABCD', padded, text, 12)
}
coils.forEach((on, at) => console.log([`c${at}`, at % 2 ? 'coil' : 'discrete', at, 'bool', 'ABCD', 0, on].join('|')))

const register = at => memory.readUInt16BE(2 * at)
const device = {
  getInputRegister: register,
  getHoldingRegister: register,
  getCoil: at => coils[at] || false,
  getDiscreteInput: at => coils[at] || false,
  setRegister: (at, value) => { memory.writeUInt16BE(value, 2 * at) },
  setCoil: (at, on) => { coils[at] = on }
}
function serve (server, name) {
  server.on('initialized', () => console.log('ready ' + name))
  server.on('error', error => { console.error(error); process.exit(1) })
}

if (process.argv[3] === 'rtu') {
  const port = process.argv[4]
  // The pause that ends a request, in ms.
  serve(new ServerSerial(device, { path: port, baudRate: 115200, unitID: 1, interval: 4 }), port)
} else {
  // It takes port 0 for its default, so a free one is looked for first.
  const free = net.createServer().listen(0, '127.0.0.1', () => {
    const port = free.address().port
    free.close(() => serve(new ServerTCP(device, { host: '127.0.0.1', port, unitID: 1 }), port))
  })
}
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
