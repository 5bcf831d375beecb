// An OPC UA server that is not ours, for the tests. Arguments: port, directory for its certificates, and
//   limits=announced   100 operations for each call, 500 MonitoredItems for each Subscription; variables T0 … T4999
//   limits=silent      the same, but its OperationLimits say 0, which means none
//   triggers=refused   it does not link MonitoredItems (SetTriggering)
// It says "ready" when it listens, and understands on its standard input:
//   count N NAME  sets Count, or Kept, which has a history, to 1 … N, one every 150 ms, and says "count V" for each value
//                 that it held
//   event N TEXT  raises an event of the Tank with that Severity and Message
//   grow F NAME N adds the variable NAME, which is N, to the folder F, and says "grown NAME": it tells of changes in Line, but
//                 not of those in Quiet
//   fell F NAME   takes it away, and says "felled NAME"
//   disable       disables the alarm TankLevel
//   level N       sets TankLevel, of which the alarm TankLevel is active above 100
//   trust FILE    takes the user's certificate in it (PEM), and says "trusted"; it takes no other
//   lose N        sets Count to N and raises an event, in notifications that are sent to nobody and cannot be repeated
//   loseFirst N M sets Count to N and then to M, in two messages that are lost on their way; the second can be repeated
//   drop          ends every Session with its Subscriptions, as a server does that was restarted
//   sessions      says "sessions N"
"use strict";
const readline = require("readline");
const { X509Certificate } = require("crypto");
const fs = require("fs");
const { OPCUAServer, OPCUACertificateManager, DataType, VariantArrayType, StatusCodes, MessageSecurityMode, SecurityPolicy, coerceNodeId, standardUnits, Subscription, Variant } =
  require("node-opcua");

const [port, directory, ...options] = [Number(process.argv[2]), ...process.argv.slice(3)];
const limits = options.find((option) => option.startsWith("limits="));
if (options.includes("triggers=refused")) {
  Subscription.prototype.setTriggering = () => ({ statusCode: StatusCodes.BadServiceUnsupported });
}
// What it tells clients to connect to; servers that announce such a name are common.
const ANNOUNCED = "a-host-that-nobody-resolves.invalid";
const NAMESPACE = "urn:sluice:test";

const OPERATION_LIMITS = [
  "maxNodesPerRead", "maxNodesPerWrite", "maxNodesPerMethodCall", "maxNodesPerBrowse", "maxNodesPerRegisterNodes",
  "maxNodesPerHistoryReadData", "maxMonitoredItemsPerCall", "maxNodesPerTranslateBrowsePathsToNodeIds",
];

const SCALARS = {
  Boolean: true,
  SByte: -12,
  Byte: 200,
  Int16: -30000,
  UInt16: 60000,
  Int32: -2000000000,
  UInt32: 4000000000,
  Int64: [0x7fffffff, 0xffffffff],
  UInt64: [0xffffffff, 0xfffffffe],
  Float: 1.5,
  Double: 0.1,
  String: "grüße",
  DateTime: new Date(Date.UTC(2026, 10, 20, 9, 14, 3, 120)),
  Guid: "09087E75-8E5E-499B-954F-F2A9603DB28A",
  ByteString: Buffer.from([1, 2, 255]),
  NodeId: coerceNodeId("ns=0;i=2258"),
  QualifiedName: { namespaceIndex: 0, name: "name" },
  LocalizedText: { locale: "en", text: "text" },
  StatusCode: StatusCodes.BadNodeIdUnknown,
};

async function main() {
  const users = new OPCUACertificateManager({ rootFolder: `${directory}-users`, automaticallyAcceptUnknownCertificate: false });
  await users.initialize();
  const server = new OPCUAServer({
    port,
    host: "127.0.0.1",
    hostname: ANNOUNCED,
    securityModes: [MessageSecurityMode.None, MessageSecurityMode.SignAndEncrypt],
    securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256, SecurityPolicy.Aes256_Sha256_RsaPss],
    serverCertificateManager: new OPCUACertificateManager({ rootFolder: directory, automaticallyAcceptUnknownCertificate: true }),
    userCertificateManager: users,
    allowAnonymous: true,
    serverCapabilities: limits && {
      maxSubscriptionsPerSession: 20,
      maxMonitoredItemsPerSubscription: 500,
      operationLimits: Object.fromEntries(OPERATION_LIMITS.map((name) => [name, 100])),
    },
    userManager: { isValidUser: (user, password) => user === "sluice" && password === "secret" },
  });
  await server.initialize();
  const space = server.engine.addressSpace;
  const own = space.registerNamespace(NAMESPACE);
  const folder = own.addFolder(space.rootFolder.objects, { browseName: "Test" });

  for (const [name, value] of Object.entries(SCALARS)) {
    own
      .addVariable({ componentOf: folder, nodeId: `s=${name}`, browseName: name, dataType: name })
      .setValueFromSource({ dataType: DataType[name], arrayType: VariantArrayType.Scalar, value });
  }
  own
    .addVariable({ componentOf: folder, nodeId: "s=Zones", browseName: "Zones", dataType: "Double", valueRank: 1 })
    .setValueFromSource({ dataType: DataType.Double, arrayType: VariantArrayType.Array, value: new Float64Array([1, 2.5, 4]) });
  own.addAnalogDataItem({
    componentOf: folder, nodeId: "s=Level", browseName: "Level", dataType: "Double",
    engineeringUnits: standardUnits.degree_celsius, engineeringUnitsRange: { low: -20, high: 120 },
    instrumentRange: { low: -40, high: 150 }, valuePrecision: 2,
    value: { dataType: DataType.Double, value: 21.5 },
  });
  own.addMultiStateDiscrete({ componentOf: folder, nodeId: "s=State", browseName: "State", enumStrings: ["stopped", "running"], value: 1 });
  own.addTwoStateDiscrete({ componentOf: folder, nodeId: "s=Door", browseName: "Door", trueState: "open", falseState: "closed", value: true });
  const count = own.addVariable({ componentOf: folder, nodeId: "s=Count", browseName: "Count", dataType: "Int32" });
  count.setValueFromSource({ dataType: DataType.Int32, value: 0 });
  const kept = own.addVariable({ componentOf: folder, nodeId: "s=Kept", browseName: "Kept", dataType: "Int32" });
  kept.setValueFromSource({ dataType: DataType.Int32, value: 0 });
  space.installHistoricalDataNode(kept, { maxOnlineValues: 1000 });
  const press = own.addObject({ componentOf: folder, nodeId: "s=Press", browseName: "Press" });
  const argument = (name, dataType, valueRank) => ({ name, dataType, valueRank: valueRank || -1, description: { text: name } });
  own
    .addMethod(press, {
      nodeId: "s=Press.Start",
      browseName: "Start",
      inputArguments: [argument("strokes", DataType.UInt16), argument("job", DataType.String), argument("zones", DataType.Double, 1)],
      outputArguments: [argument("accepted", DataType.Boolean), argument("told", DataType.String)],
    })
    .bindMethod((inputs, context, callback) => {
      const [strokes, job, zones] = inputs.map((input) => input.value);
      if (strokes > 60) {
        return callback(null, {
          statusCode: StatusCodes.BadInvalidArgument,
          inputArgumentResults: [StatusCodes.BadOutOfRange, StatusCodes.Good, StatusCodes.Good],
        });
      }
      callback(null, {
        statusCode: StatusCodes.Good,
        outputArguments: [
          { dataType: DataType.Boolean, value: true },
          { dataType: DataType.String, value: `${strokes} of ${job} at ${Array.from(zones).join(" ")}` },
        ],
      });
    });
  let stops = 0;
  own
    .addMethod(press, { nodeId: "s=Press.Stop", browseName: "Stop", inputArguments: [], outputArguments: [] })
    .bindMethod((inputs, context, callback) => {
      stops += 1;
      console.log(`stops ${stops}`);
      callback(null, { statusCode: StatusCodes.Good, outputArguments: [] });
    });
  for (let i = 0; limits && i < 5000; i++) {
    own
      .addVariable({ componentOf: folder, nodeId: `s=T${i}`, browseName: `T${i}`, dataType: "Int32" })
      .setValueFromSource({ dataType: DataType.Int32, value: i });
  }
  if (limits === "limits=silent") {
    const announced = space.rootFolder.objects.server.serverCapabilities.operationLimits;
    for (const name of OPERATION_LIMITS) {
      announced[name].bindVariable({ get: () => new Variant({ dataType: DataType.UInt32, value: 0 }) }, true);
    }
  }
  // Conditions can be made in the namespace of the server itself only.
  const serverOwn = space.getOwnNamespace();
  const tank = serverOwn.addObject({ browseName: "Tank", nodeId: "s=Tank", organizedBy: folder, notifierOf: space.rootFolder.objects.server });
  const level = serverOwn.addVariable({ browseName: "TankLevel", nodeId: "s=TankLevel", componentOf: tank, dataType: "Double", eventSourceOf: tank });
  level.setValueFromSource({ dataType: DataType.Double, value: 50 });
  space.installAlarmsAndConditionsService();
  const alarm = serverOwn.instantiateExclusiveLimitAlarm("ExclusiveLimitAlarmType", {
    browseName: "TankLevelCondition", conditionName: "TankLevel", componentOf: tank, conditionSource: level, inputNode: level,
    highHighLimit: 200, highLimit: 100, lowLimit: 0, lowLowLimit: -100,
  });
  // A server tells of changes below nodes that have a NodeVersion.
  const folders = {
    Line: own.addFolder(folder, { browseName: "Line", nodeId: "s=Line", nodeVersion: "0" }),
    Quiet: own.addFolder(folder, { browseName: "Quiet", nodeId: "s=Quiet" }),
  };
  await server.start();

  const commands = {
    disable() {
      alarm.setEnabledState(false);
    },
    level(value) {
      level.setValueFromSource({ dataType: DataType.Double, value: Number(value) });
    },
    event(severity, text) {
      tank.raiseEvent("SystemEventType", {
        message: { dataType: DataType.LocalizedText, value: { text } },
        severity: { dataType: DataType.UInt16, value: Number(severity) },
      });
    },
    count(last, name) {
      const counted = name === "Kept" ? kept : count;
      let value = 0;
      const timer = setInterval(() => {
        value += 1;
        counted.setValueFromSource({ dataType: DataType.Int32, value });
        console.log(`count ${value}`);
        if (value >= Number(last)) clearInterval(timer);
      }, 150);
    },
    grow(name, browseName, value) {
      own
        .addVariable({ componentOf: folders[name], nodeId: `s=${name}/${browseName}`, browseName, dataType: "Int32" })
        .setValueFromSource({ dataType: DataType.Int32, value: Number(value) });
      console.log(`grown ${browseName}`);
    },
    fell(name, browseName) {
      space.deleteNode(coerceNodeId(`ns=${own.index};s=${name}/${browseName}`));
      console.log(`felled ${browseName}`);
    },
    async trust(file) {
      await users.trustCertificate(new X509Certificate(fs.readFileSync(file)).raw);
      console.log("trusted");
    },
    drop() {
      for (const session of Object.values(server.engine._sessions)) {
        server.engine.closeSession(session.authenticationToken, true, "Terminated");
      }
    },
    lose(value) {
      const subscriptions = Object.values(server.engine._sessions).flatMap((session) => session.publishEngine.subscriptions);
      for (const subscription of subscriptions) subscription.setPublishingMode(false);
      count.setValueFromSource({ dataType: DataType.Int32, value: Number(value) });
      tank.raiseEvent("SystemEventType", { message: { dataType: DataType.LocalizedText, value: { text: "lost" } } });
      setTimeout(() => {
        for (const subscription of subscriptions) {
          for (const item of Object.values(subscription.monitoredItems)) item.extractMonitoredItemNotifications();
          subscription._get_next_sequence_number();
          subscription.setPublishingMode(true);
        }
      }, 500);
    },
    loseFirst(lost, repeated) {
      const engines = Object.values(server.engine._sessions).map((session) => session.publishEngine);
      const subscriptions = engines.flatMap((engine) => engine.subscriptions);
      for (const subscription of subscriptions) subscription.setPublishingMode(false);
      count.setValueFromSource({ dataType: DataType.Int32, value: Number(lost) });
      setTimeout(() => {
        for (const engine of engines) engine._send_response = () => {};
        for (const subscription of subscriptions) {
          for (const item of Object.values(subscription.monitoredItems)) item.extractMonitoredItemNotifications();
          subscription._get_next_sequence_number();
          subscription.setPublishingMode(true);
        }
        // What was sent before has arrived by then.
        setTimeout(() => count.setValueFromSource({ dataType: DataType.Int32, value: Number(repeated) }), 300);
        setTimeout(() => {
          for (const engine of engines) delete engine._send_response;
        }, 800);
      }, 500);
    },
    sessions() {
      console.log(`sessions ${server.engine.currentSessionCount}`);
    },
  };
  readline.createInterface({ input: process.stdin })
    .on("line", (line) => {
      const [command, ...given] = line.split(" ");
      commands[command](...given);
    })
    .on("close", () => process.exit(0));
  console.log("ready");
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
