// An OPC UA server on node-opcua that holds known values of every basic type. Listens on a free port, or on the one given
// as second argument; keeps its certificates in the directory given first. Prints one line of JSON with what it holds,
// and then "ready PORT".
'use strict';

const net = require('node:net');
const path = require('node:path');
const { OPCUAServer, OPCUACertificateManager, DataType, Variant, VariantArrayType } = require('node-opcua');

const NAMESPACE = 'urn:sluice:test:values';

// name: [DataType, value as node-opcua holds it, value as the test expects it]. 64-bit integers are [high, low] there.
const VALUES = {
  Boolean: [DataType.Boolean, true, true],
  SByte: [DataType.SByte, -128, -128],
  Byte: [DataType.Byte, 255, 255],
  Int16: [DataType.Int16, -32768, -32768],
  UInt16: [DataType.UInt16, 65535, 65535],
  Int32: [DataType.Int32, -2147483648, -2147483648],
  UInt32: [DataType.UInt32, 4294967295, 4294967295],
  Int64: [DataType.Int64, [0xffdfffff, 0xffffffff], '-9007199254740993'],
  UInt64: [DataType.UInt64, [0xffffffff, 0xffffffff], '18446744073709551615'],
  Float: [DataType.Float, 230.125, 230.125],
  Double: [DataType.Double, 3.141592653589793, 3.141592653589793],
  String: [DataType.String, 'Grüße, Sluice', 'Grüße, Sluice'],
};
const ARRAY = [1.5, -2.25, 1e300];

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function addValues(addressSpace) {
  const namespace = addressSpace.registerNamespace(NAMESPACE);
  const device = namespace.addObject({ organizedBy: addressSpace.rootFolder.objects, browseName: 'Values' });
  for (const [name, [dataType, value]] of Object.entries(VALUES)) {
    namespace.addVariable({
      componentOf: device,
      browseName: name,
      nodeId: `s=${name}`,
      dataType,
      value: new Variant({ dataType, arrayType: VariantArrayType.Scalar, value }),
    });
  }
  namespace.addVariable({
    componentOf: device,
    browseName: 'Array',
    nodeId: 's=Array',
    dataType: DataType.Double,
    valueRank: 1,
    arrayDimensions: [ARRAY.length],
    value: new Variant({ dataType: DataType.Double, arrayType: VariantArrayType.Array, value: Float64Array.from(ARRAY) }),
  });
  const counter = namespace.addVariable({
    componentOf: device,
    browseName: 'Counter',
    nodeId: 's=Counter',
    dataType: DataType.UInt32,
    value: new Variant({ dataType: DataType.UInt32, value: 0 }),
  });
  let count = 0;
  return setInterval(() => {
    count += 1;
    counter.setValueFromSource(new Variant({ dataType: DataType.UInt32, value: count }));
  }, 100);
}

async function main() {
  const [directory, wantedPort] = process.argv.slice(2);
  const port = Number(wantedPort) || (await freePort());
  const server = new OPCUAServer({
    port,
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    resourcePath: '/values',
    allowAnonymous: true,
    serverCertificateManager: new OPCUACertificateManager({
      rootFolder: path.join(directory, 'pki'),
      automaticallyAcceptUnknownCertificate: true,
    }),
  });
  await server.initialize();
  const counting = addValues(server.engine.addressSpace);
  await server.start();
  const expected = Object.fromEntries(Object.entries(VALUES).map(([name, [, , value]]) => [name, value]));
  console.log(JSON.stringify({ ...expected, Array: ARRAY }));
  console.log(`ready ${port}`);
  process.once('SIGTERM', async () => {
    clearInterval(counting);
    await server.shutdown(0);
    process.exit(0);
  });
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
