/** What `sim init` writes: a small field that shows every kind of access and the faults one may want to plant. */
export const exampleUtilityFile = `# 仿真电力现场，shuangwu sim up --file 本文件 · a simulated field for shuangwu sim up
# 所有项目与取值见 docs/schemas/utility-file.schema.json · every key is in that schema

# 同一种子，同样的负荷与噪声 · same seed, same loads and noise
seed: 42
# 上线时的仿真时刻，缺省为当前时间 · simulated time when it comes up; the real time without it
# startAt: 2026-07-01T23:59:30+08:00
energisedFrom: 2026-01-01T00:00:00+08:00

lines:
  # RS-485 总线，接在 TCP 串口服务器后 · a bus behind a raw TCP serial server
  - name: bus-1
    access: { tcp: { port: 7001 } }
    baud: 2400
    meters:
      count: 32
      firstAddress: '202600000001'
      monthlyKwh: '220'
      except:
        # 时钟快 90 秒的表 · a clock that is 90 seconds fast
        - { place: 2, clock: { offsetSeconds: 90 } }
        # 光伏用户，功率有正有负 · a house with panels, power of both signs
        - { place: 3, feedInPercent: 140 }
        # 不应答 · a meter that never answers
        - { place: 4, isSilent: true }
    faults:
      damagedPermille: 5
  # 1997 版电表，噪声线路 · meters of the 1997 edition on a noisy line
  - name: bus-1997
    access: { tcp: { port: 7002 } }
    baud: 1200
    meters: { count: 4, firstAddress: '199700000001', edition: '1997' }
    faults:
      noise: { errorsPerMillionBits: 20, parity: even }
  # 伪终端，需要 socat · a pseudo terminal, needs socat
  # - name: bus-pty
  #   access: { pty: /tmp/shuangwu-bus }
  #   baud: 9600
  #   meters: { count: 8, firstAddress: '202600001001' }

# 集中器经 MQTT 上报，自带代理 · concentrators upload over MQTT, with a broker of their own
# broker: { port: 1883 }
# concentrators:
#   - name: area-1
#     meters: { count: 200, firstAddress: '202600002001' }
#     # 零点后第几分钟采集 · minute of the day at which it collects
#     collectAtMinute: 15
`
