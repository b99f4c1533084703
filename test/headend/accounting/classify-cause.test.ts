import fc from 'fast-check'
import t from 'tap'
import { failureCauses } from '../../../headend/acquisition/failure-cause.js'
import { classifyCause, defaultPrecedence, dueCauses } from '../../../headend/accounting/classify-cause.js'
import { type Evidence, tableFaults } from '../../../storage/headend/due-points.js'

const silentMeter: Evidence = {
  template: 'daily_freeze',
  excuse: null,
  causes: ['no_reply'],
  lateNoFreeze: false,
  plannedOutage: false,
  windowOver: true,
  attended: true,
  neighbourRead: true,
  hasNeighbours: true,
  concentrator: false,
  contact: false,
  tableFault: null,
  clockDoubt: false,
  neverRead: false,
  toldLate: false,
  served: false,
  inDoubt: false,
}
const uplink = { concentrator: true, contact: true, causes: ['no_upload'] }

t.test('names the cause that a crew would name', async (t) => {
  const cases: readonly [evidence: Partial<Evidence>, cause: string][] = [
    [{}, 'meter_silent'],
    [{ served: true, inDoubt: true }, 'reading_in_doubt'],
    [{ windowOver: false, causes: [] }, 'window_running'],
    [{ windowOver: false }, 'meter_silent'],
    [{ excuse: 'meter_removed' }, 'not_in_service'],
    [{ excuse: 'granted' }, 'not_in_service'],
    [{ excuse: 'planned_outage' }, 'planned_outage'],
    [{ plannedOutage: true, causes: ['line_down'] }, 'planned_outage'],
    [{ template: 'noted_registers', causes: [] }, 'not_noted'],
    [{ causes: ['no_freeze', 'no_reply'], lateNoFreeze: true }, 'memory_overrun'],
    [{ causes: ['no_freeze'] }, 'clock_drift'],
    [{ causes: ['no_freeze'], served: true }, 'clock_drift'],
    [{ causes: ['wrong_stamp'] }, 'clock_drift'],
    [{ attended: false, causes: [] }, 'database_or_head_end_down'],
    [{ toldLate: true, causes: [], served: true }, 'registered_late'],
    [{ causes: [], served: true }, 'window_too_short'],
    [{ toldLate: true, attended: false, causes: [] }, 'database_or_head_end_down'],
    [{ toldLate: true, attended: false, causes: ['line_down'] }, 'line_down'],
    [{ attended: false, causes: ['no_reply'] }, 'meter_silent'],
    [{ attended: false, causes: ['no_reply'], served: true }, 'database_or_head_end_down'],
    [{ ...uplink, attended: false, contact: false }, 'database_or_head_end_down'],
    [{ ...uplink, contact: false }, 'concentrator_offline'],
    [{ ...uplink, contact: false, tableFault: 'missing_in_concentrator' }, 'concentrator_offline'],
    [{ ...uplink, tableFault: 'duplicate' }, 'table_duplicate'],
    [{ ...uplink, tableFault: 'unknown_to_registry' }, 'table_unknown'],
    [{ ...uplink, tableFault: 'missing_in_concentrator' }, 'table_missing'],
    [{ ...uplink, tableFault: 'missing_in_concentrator', served: true }, 'table_missing'],
    [{ ...uplink, tableFault: 'reported_elsewhere' }, 'archive_mismatch'],
    [{ causes: ['wrong_answer'] }, 'archive_mismatch'],
    [{ causes: ['no_register_map'] }, 'parameter'],
    [{ causes: ['damaged', 'refused'] }, 'refused'],
    [{ neverRead: true }, 'new_meter_not_commissioned'],
    [{ causes: ['line_down', 'window_over'] }, 'line_down'],
    [{ neighbourRead: false }, 'line_down'],
    [{ neighbourRead: false, hasNeighbours: false }, 'meter_silent'],
    [{ causes: ['damaged', 'no_reply'] }, 'damaged_line'],
    [{ causes: ['window_over'] }, 'window_too_short'],
    [{ causes: ['live_too_late'], neighbourRead: false }, 'window_too_short'],
    [uplink, 'meter_silent'],
    [{ ...uplink, clockDoubt: true }, 'clock_drift'],
    [{ clockDoubt: true }, 'meter_silent'],
    [{ ...uplink, neighbourRead: false }, 'line_down'],
    [{ ...uplink, neighbourRead: false, served: true }, 'upload_late'],
    [{ ...uplink, served: true }, 'upload_late'],
    [{ causes: [] }, 'unknown'],
  ]
  for (const [evidence, cause] of cases)
    t.equal(classifyCause({ ...silentMeter, ...evidence }, defaultPrecedence), cause, JSON.stringify(evidence))
})

t.test('every cause of the list can be named, and none is named twice', async (t) => {
  t.same(
    [...new Set(defaultPrecedence.order)].toSorted(),
    dueCauses.filter((cause) => cause !== 'unknown' && cause !== 'reading_in_doubt').toSorted(),
  )
})

t.test('whatever the evidence, there is one cause; another precedence may name another', async (t) => {
  const flag = fc.boolean()
  const anything = fc.record({
    template: fc.constantFrom('daily_freeze', 'noted_registers', 'curve'),
    excuse: fc.constantFrom(null, 'meter_removed', 'supply_suspended', 'planned_outage', 'granted'),
    causes: fc.uniqueArray(fc.constantFrom(...failureCauses)),
    lateNoFreeze: flag,
    plannedOutage: flag,
    windowOver: flag,
    attended: flag,
    neighbourRead: flag,
    hasNeighbours: flag,
    concentrator: flag,
    contact: flag,
    tableFault: fc.constantFrom(null, ...tableFaults),
    clockDoubt: flag,
    neverRead: flag,
    toldLate: flag,
    served: flag,
    inDoubt: flag,
  })
  fc.assert(
    fc.property(anything, (evidence) => {
      const cause = classifyCause(evidence, defaultPrecedence)
      return dueCauses.includes(cause) && classifyCause({ ...evidence }, defaultPrecedence) === cause
    }),
  )
  const reversed = { version: 'reversed', order: defaultPrecedence.order.toReversed() }
  t.equal(classifyCause({ ...silentMeter, excuse: 'meter_removed' }, reversed), 'meter_silent')
})
