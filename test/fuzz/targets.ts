import { billedContent, frameContent, lineStream, appendExchange } from './grammar/dlt645.js'
import { anyApdu, dlt698Frame } from './grammar/dlt698.js'
import { envelopeMessage } from './grammar/envelope-json.js'
import { gdw1376Frame, mixedStream } from './grammar/envelopes.js'
import { hexText } from './grammar/hex-text.js'
import { appendLoadRecords } from './grammar/load-record.js'
import { anyPdu, rtuStream, tcpStream } from './grammar/modbus.js'
import { meterTableText, receiptText, uploadText } from './grammar/upload.js'
import type { Target } from './target.js'
import { checkReceipt, checkUpload } from './targets/concentrator.js'
import { checkBilledReply, checkLoadRecords, checkMessage, checkReassembly } from './targets/dlt645.js'
import { checkApdu, checkDlt698Frames } from './targets/dlt698.js'
import { checkEnvelope, checkExactJson, checkMeterTable } from './targets/envelope.js'
import { checkGdw1376Frames } from './targets/gdw1376.js'
import { checkHexText } from './targets/hex-text.js'
import { checkModbusRtu, checkModbusTcp, checkPdu, checkRtuSplitter } from './targets/modbus.js'
import { checkFrameSplitter, checkInspectStream, checkMixedSplitter } from './targets/stream.js'

/** Everything that reads what a line, a broker or a person delivers. One line adds a decoder. */
export const targets: readonly Target[] = [
  { name: 'frame-splitter', weight: 12, grammar: lineStream, corpus: 'hex', check: checkFrameSplitter },
  { name: 'inspect-stream', weight: 12, grammar: lineStream, corpus: 'hex', check: checkInspectStream },
  { name: 'message', weight: 28, grammar: frameContent, corpus: 'hex', check: checkMessage },
  { name: 'billed-reply', weight: 16, grammar: billedContent, corpus: 'hex', check: checkBilledReply },
  { name: 'load-records', weight: 8, grammar: appendLoadRecords, corpus: 'hex', check: checkLoadRecords },
  { name: 'reassembly', weight: 5, grammar: appendExchange, corpus: 'hex', check: checkReassembly },
  { name: 'hex-text', weight: 6, grammar: hexText, corpus: 'hex', check: checkHexText },
  { name: 'modbus-pdu', weight: 16, grammar: anyPdu, corpus: 'hex', check: checkPdu },
  { name: 'modbus-tcp', weight: 4, grammar: tcpStream, corpus: 'hex', check: checkModbusTcp },
  { name: 'modbus-rtu', weight: 3, grammar: rtuStream, corpus: 'hex', check: checkModbusRtu },
  { name: 'rtu-splitter', weight: 4, grammar: rtuStream, corpus: 'hex', check: checkRtuSplitter },
  { name: 'mixed-splitter', weight: 4, grammar: mixedStream, corpus: 'hex', check: checkMixedSplitter },
  { name: 'inspect-mixed', weight: 5, grammar: mixedStream, corpus: 'hex', check: checkInspectStream },
  { name: 'dlt698-apdu', weight: 10, grammar: anyApdu, corpus: 'hex', check: checkApdu },
  { name: 'dlt698-frames', weight: 6, grammar: dlt698Frame, corpus: 'hex', check: checkDlt698Frames },
  { name: 'gdw1376-frames', weight: 8, grammar: gdw1376Frame, corpus: 'hex', check: checkGdw1376Frames },
  { name: 'envelope', weight: 6, grammar: envelopeMessage, corpus: 'hex', check: checkEnvelope },
  { name: 'exact-json', weight: 4, grammar: uploadText, corpus: 'json', check: checkExactJson },
  { name: 'meter-table', weight: 2, grammar: meterTableText, corpus: 'json', check: checkMeterTable },
  { name: 'upload', weight: 3, grammar: uploadText, corpus: 'json', check: checkUpload },
  { name: 'receipt', weight: 2, grammar: receiptText, corpus: 'json', check: checkReceipt },
]
