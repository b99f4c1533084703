/** What `sim init --modbus` writes: one device by model and one by registers of its own. */
export const exampleModbusMap = `# 仿真 Modbus 设备，shuangwu sim modbus --map 本文件 · simulated devices for shuangwu sim modbus
# 所有项目与取值见 docs/schemas/modbus-map.schema.json · every key is in that schema

listen:
  - tcp: { port: 5020 }
  # RTU 报文经 TCP 串口服务器 · RTU messages behind a raw TCP serial server
  - rtuTcp: { port: 5021 }
  # - serial: { path: /dev/ttyUSB0, baud: 9600, parity: even }

devices:
  # 随产品的型号 · models that ship: abb-b23, acrel-adl3000-e, carlo-gavazzi-em24-av2, chint-dtsu666,
  # eastron-sdm630, eastron-sdm72d-m, schneider-iem3155
  - units: [1, 2]
    model: acrel-adl3000-e
    counting:
      forward_active_energy_total: { start: '41567.64', perHour: '1.25' }
  - units: [3]
    holding:
      - { address: 0, values: [2300, 2310, 2290] }
`
