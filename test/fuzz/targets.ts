import { billedContent, frameContent, lineStream, appendExchange } from './grammar/dlt645.js'
import { appendApdu, appendDlt698Frame } from './grammar/dlt698.js'
import { appendEnvelope } from './grammar/envelope.js'
import { appendGdw1376Frame } from './grammar/gdw1376.js'
import { hexText } from './grammar/hex-text.js'
import { appendLoadRecords } from './grammar/load-record.js'
import { anyPdu, rtuStream, tcpStream } from './grammar/modbus.js'
import { receiptText, uploadText } from './grammar/upload.js'
import type { Target } from './target.js'
import { checkReceipt, checkUpload } from './targets/concentrator.js'
import { checkBilledReply, checkLoadRecords, checkMessage, checkReassembly } from './targets/dlt645.js'
import { checkApdu, checkDlt698, checkEnvelope, checkExactJson, checkGdw1376 } from './targets/envelopes.js'
import { checkHexText } from './targets/hex-text.js'
import { checkModbusRtu, checkModbusTcp, checkPdu, checkRtuSplitter } from './targets/modbus.js'
import { checkFrameSplitter, checkInspectStream } from './targets/stream.js'

/** Everything that reads what a line, a broker or a person delivers. One line adds a decoder. */
export const targets: readonly Target[] = [
  { name: 'frame-splitter', weight: 16, grammar: lineStream, corpus: 'hex', check: checkFrameSplitter },
  { name: 'inspect-stream', weight: 16, grammar: lineStream, corpus: 'hex', check: checkInspectStream },
  { name: 'message', weight: 24, grammar: frameContent, corpus: 'hex', check: checkMessage },
  { name: 'billed-reply', weight: 10, grammar: billedContent, corpus: 'hex', check: checkBilledReply },
  { name: 'load-records', weight: 10, grammar: appendLoadRecords, corpus: 'hex', check: checkLoadRecords },
  { name: 'reassembly', weight: 5, grammar: appendExchange, corpus: 'hex', check: checkReassembly },
  { name: 'hex-text', weight: 6, grammar: hexText, corpus: 'hex', check: checkHexText },
  { name: 'modbus-pdu', weight: 12, grammar: anyPdu, corpus: 'hex', check: checkPdu },
  { name: 'modbus-tcp', weight: 4, grammar: tcpStream, corpus: 'hex', check: checkModbusTcp },
  { name: 'modbus-rtu', weight: 3, grammar: rtuStream, corpus: 'hex', check: checkModbusRtu },
  { name: 'rtu-splitter', weight: 4, grammar: rtuStream, corpus: 'hex', check: checkRtuSplitter },
  { name: 'upload', weight: 3, grammar: uploadText, corpus: 'json', check: checkUpload },
  { name: 'receipt', weight: 2, grammar: receiptText, corpus: 'json', check: checkReceipt },
  { name: 'dlt698-frame', weight: 4, grammar: appendDlt698Frame, corpus: 'hex', check: checkDlt698 },
  { name: 'dlt698-apdu', weight: 6, grammar: appendApdu, corpus: 'hex', check: checkApdu },
  { name: 'gdw1376-frame', weight: 6, grammar: appendGdw1376Frame, corpus: 'hex', check: checkGdw1376 },
  { name: 'envelope', weight: 6, grammar: appendEnvelope, corpus: 'json', check: checkEnvelope },
  { name: 'exact-json', weight: 4, grammar: uploadText, corpus: 'json', check: checkExactJson },
]
