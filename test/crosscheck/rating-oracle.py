# Rates the cases of rating-cases.ts by rules written down a second time, in Python's fractions. Reads a JSON list of cases, writes one of totals.
import json
import sys
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction as F
from math import ceil, floor, isqrt
from zoneinfo import ZoneInfo


def rounded(value, rule):
    if rule is None:
        return value
    scaled = abs(value) * F(10) ** rule['decimals']
    whole, rest = floor(scaled), scaled - floor(scaled)
    up = {
        'half_up': rest >= F(1, 2),
        'half_even': rest > F(1, 2) or (rest == F(1, 2) and whole % 2 == 1),
        'up': rest > 0,
        'down': False,
    }[rule['mode']]
    result = F(whole + up) / F(10) ** rule['decimals']
    return -result if value < 0 else result


def day(text):
    return date.fromisoformat(text)


def plus_months(start, count):
    month = start.month - 1 + count
    year, month = start.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(1)).day
    return date(year, month, min(start.day, last))


class Account:
    def __init__(self, case):
        self.tariff, self.usage = case['tariff'], case['usage']
        self.zone = ZoneInfo(self.usage['zone'])
        self.counters, self.free, self.cumulative, self.credits, self.bounds = {}, {}, {}, {}, {}

    def instant(self, when):
        return datetime(when.year, when.month, when.day, tzinfo=self.zone).astimezone(timezone.utc)

    def periods(self):
        return [Period(self, period).rate() for period in self.usage['periods']]


class Period:
    def __init__(self, account, document):
        self.account, self.document = account, document
        self.start, self.end = day(document['start']), day(document['end'])
        self.hours = {}
        self.lines = []  # (component, segment, exact, amount, included)
        self.charged = {}
        for entry in account.usage.get('quantities', []):
            if 'intervals' in entry:
                first = account.instant(day(entry['intervals']['start']))
                self.hours = {first + timedelta(hours=i): F(v) for i, v in enumerate(entry['intervals']['values'])}

    def value(self, name):
        return next(F(e['value']) for e in self.document['quantities'] if e['name'] == name)

    # Energy between two local days, by slot, in the order of slots; intervals by the clock on the wall.
    def slot_of(self, instant, calendar):
        local = instant.astimezone(self.account.zone)
        when = calendar['slots'][0]['when'][0]
        if 'days' in when and local.weekday() >= 5:
            return 'second'
        if 'months' in when and local.month not in when['months']:
            return 'second'
        window = when['windows'][0]
        start, end = int(window['from'][:2]), int(window['to'][:2])
        inside = start <= local.hour < end if start < end else (local.hour >= start or local.hour < end)
        return 'first' if inside else 'second'

    def parcels(self, start, end, calendar):
        """In order of time: (slot, value, local day)."""
        if self.hours:
            first, last = self.account.instant(start), self.account.instant(end)
            return [
                (self.slot_of(at, calendar), value, at.astimezone(self.account.zone).date())
                for at, value in sorted(self.hours.items())
                if first <= at < last
            ]
        found = []
        for entry in self.document['quantities']:
            if entry['name'] != 'energy':
                continue
            begins = day(entry['from']) if 'from' in entry else self.start
            ends = day(entry['to']) if 'to' in entry else self.end
            if start <= begins and ends <= end:
                found.append((entry['slot'], F(entry['value']), begins))
        return found

    def events(self, start, end):
        return [
            F(value)
            for entry in self.document['quantities']
            if entry['name'] == 'payments'
            and start <= (day(entry['from']) if 'from' in entry else self.start)
            and (day(entry['to']) if 'to' in entry else self.end) <= end
            for value in entry['events']
        ]

    def segments(self):
        found = []
        for version in self.account.tariff['versions']:
            start = max(self.start, day(version['validFrom']))
            end = min(self.end, day(version['validTo']) if 'validTo' in version else self.end)
            if start < end:
                found.append((len(found) + 1, version, start, end))
        return found

    def rate(self):
        segments = self.segments()
        for number, version, start, end in segments:
            for component in version['components']:
                Component(self, component, version, number, start, end).charge()
        version = segments[-1][1]
        rules = version['rounding']
        totals, order = {}, []
        for code, _, exact, amount, included in self.lines:
            if included:
                continue
            if code not in totals:
                order.append(code)
            was = totals.get(code, (F(0), F(0)))
            totals[code] = (was[0] + exact, was[1] + amount)
        totals = {code: (exact, rounded(amount, rules.get('component'))) for code, (exact, amount) in totals.items()}
        exact = sum((t[0] for t in totals.values()), F(0))
        amount = rounded(sum((t[1] for t in totals.values()), F(0)), rules.get('total'))
        return {
            'exact': str(exact),
            'amount': str(amount),
            'byComponent': {code: [str(e), str(a)] for code, (e, a) in totals.items()},
        }


class Component:
    def __init__(self, period, document, version, segment, start, end):
        self.period, self.document, self.version = period, document, version
        self.account = period.account
        self.segment, self.start, self.end = segment, start, end
        self.code = document['code']
        self.multiple = F(document.get('multiple', '1'))
        self.is_last = end == period.end

    def charge(self):
        kind = self.document['kind']
        if kind in ('minimum', 'maximum', 'credit') and not self.is_last:
            return
        getattr(self, kind if kind != 'maximum' else 'minimum')()

    def line(self, exact, slot='', block='', included=False):
        exact *= self.multiple
        if exact == 0:
            return
        rule = self.version['rounding'].get('line') if self.document['kind'] != 'credit' else None
        included = included or any(self.code in c.get('earns', []) for c in self.version['components'])
        amount = rounded(exact, rule)
        if rule is not None and self.version['rounding'].get('cumulative'):
            key = (self.code, slot, block)
            before = self.account.cumulative.get(key, (F(0), F(0)))
            whole = before[0] + exact
            amount = rounded(whole, rule) - before[1]
            self.account.cumulative[key] = (whole, before[1] + amount)
        self.period.lines.append((self.code, self.segment, exact, amount, included))

    def base(self, whole_period):
        return sum((self.base_of(code, whole_period) for code in self.document['of']), F(0))

    # What a component is rounded to as a whole is what others see of it; a segment has what it adds to the rounded sum before it.
    def base_of(self, code, whole_period):
        takes = 2 if self.document.get('takes') == 'exact' else 3
        lines = [line for line in self.period.lines if line[0] == code and not line[4]]
        until = lambda last: sum((line[takes] for line in lines if line[1] <= last), F(0))
        rule = self.period.segments()[-1][1]['rounding'].get('component') if takes == 3 else None
        if whole_period:
            return rounded(until(self.segment), rule)
        return rounded(until(self.segment), rule) - rounded(until(self.segment - 1), rule)

    def percentage(self):
        percent = F(self.document['percent'])
        if self.document.get('included'):
            self.line(self.base(False) * percent / (100 + percent), included=True)
        else:
            self.line(self.base(False) * percent / 100)

    def minimum(self):
        d, charged = self.document, self.base(True)
        if 'scope' not in d:
            return self.line(self.outside(F(d['amount']) - charged))
        # A bound of several bills: what they came to, with what it made of them itself.
        start, end = scope_of(d['scope'], self.period.end - timedelta(1), self.period)
        key = (self.code, start)
        so_far = self.account.bounds.get(key, F(0)) + charged
        is_due = d['kind'] == 'maximum' or end == self.period.end
        gap = self.outside(F(d['amount']) - so_far) if is_due else F(0)
        gap = rounded(gap, self.version['rounding'].get('line'))
        self.account.bounds[key] = so_far + gap
        self.line(gap)

    def outside(self, gap):
        return max(F(0), gap) if self.document['kind'] == 'minimum' else min(F(0), gap)

    # Money put by: what comes in is rounded as a line, pays for what it may, and the rest is kept for its scope.
    def credit(self):
        d, rule = self.document, self.version['rounding'].get('line')
        last = self.period.end - timedelta(1)
        key = scope_of(d['scope'], last, self.period)[0] if 'scope' in d else None
        put_by = sum((line[3] for line in self.period.lines if line[0] in d.get('earns', [])), F(0))
        balance = self.account.credits.get(key, F(0)) + rounded(put_by + F(d.get('earned', '0')), rule)
        limit = self.base(True)
        if 'most' in d:
            limit = min(limit, rounded(F(d['most']), rule))
        applied = max(F(0), min(limit, balance))
        left, paid = balance - applied, F(0)
        if 'payOut' in d and last.month in d['payOut']['when']['of']:
            left, paid = F(0), rounded(left * F(d['payOut']['share']), rule)
        self.account.credits[key] = left
        self.line(-applied)
        self.line(-paid)

    def events(self):
        model, key = self.document['model'], (self.code, self.period.start)
        free = model.get('free', {})
        most_events, most_quantity = free.get('events'), free.get('quantity')
        count, used = self.account.free.get(key, (0, F(0)))
        paid, number, changed = F(0), 0, F(0)
        for event in self.period.events(self.start, self.end):
            is_free = bool(free) and (most_events is None or count < F(most_events)) and (most_quantity is None or used < F(most_quantity))
            part = F(0) if not is_free else event if most_quantity is None else min(event, F(most_quantity) - used)
            used, count = used + part, count + is_free
            if is_free and part == event:
                continue
            plain = (event - part) * F(model['price']) + F(model.get('flat', '0'))
            cost = max(plain, F(model['least'])) if 'least' in model else plain
            cost = min(cost, F(model['most'])) if 'most' in model else cost
            paid, number, changed = paid + event - part, number + 1, changed + cost - plain
        self.account.free[key] = (count, used)
        self.line(paid * F(model['price']))
        self.line(number * F(model.get('flat', '0')))
        self.line(changed)

    def power_factor(self):
        active = sum((v for _, v, _ in self.period.parcels(self.period.start, self.period.end, self.version['calendars'][0])), F(0))
        reactive = self.period.value('reactive')
        if active == 0 and reactive == 0:
            return
        # Hundredths, half up, without leaving whole numbers: the largest k with (2k - 1)^2 <= 40000 cos^2.
        square = 40000 * active**2 / (active**2 + reactive**2)
        hundredths = (isqrt(floor(square)) + 1) // 2
        self.line(self.base(False) * percent_of(self.document['table']['standard'], hundredths) / 100)

    def fixed(self):
        d = self.document
        days = (self.end - self.start).days
        whole_days = (self.period.end - self.period.start).days
        if d['per'] == 'day':
            times = F(days)
        elif d['per'] == 'period':
            times = F(days, whole_days)
        else:
            times = self.months(d['dayCount'])
        self.line(F(d['quantity']) * times * F(d['price']))

    def months(self, count):
        start, end = self.period.start, self.period.end
        months = (end.year - start.year) * 12 + end.month - start.month
        if months <= 0 or plus_months(start, months) != end:
            months = None
        # A part has its share of each month that it touches, of the period or of the calendar; of one that is not whole in it by the given days.
        if months is not None:
            borders = [plus_months(start, index) for index in range(months + 1)]
        else:
            borders = [start.replace(day=1)]
            while borders[-1] < end:
                borders.append(plus_months(borders[-1], 1))
        times = F(0)
        for first, after in zip(borders, borders[1:]):
            shared = (min(after, self.end) - max(first, self.start)).days
            length = (after - first).days
            if shared > 0:
                times += 1 if shared == length else F(shared) / F(count['days'] if isinstance(count, dict) else length)
        return F(ceil(times)) if count == 'whole' else times

    def parcels(self, start, end):
        hours = self.period.parcels(start, end, self.version['calendars'][0])
        if not isinstance(self.document.get('quantity'), dict):
            return hours
        # The highest hour of each day, in each slot or in all.
        highest = {}
        for slot, value, when in hours:
            key = (when, slot if 'slots' in self.document else '')
            highest[key] = max(highest.get(key, value), value)
        return [(slot, value, when) for (when, slot), value in sorted(highest.items())]

    # Usage: convert, share, free, at least, quantity rounding.
    def shared(self, start, end):
        d = self.document
        parcels = self.parcels(start, end)
        slots = ['first', 'second'] if 'slots' in d else ['']
        result = []
        for slot in slots:
            value = sum((v for s, v, _ in parcels if slot in ('', s)), F(0))
            if 'convert' in d:
                value = rounded(value * F(d['convert']['multiply']), d['convert']['rounding'])
            if 'share' in d:
                value *= F(d['share'])
            result.append([slot, value])
        return result, parcels

    def quantities(self, start, end, commit):
        d = self.document
        result, parcels = self.shared(start, end)
        if 'free' in d:
            free = d['free'] if isinstance(d['free'], dict) else {'quantity': d['free'], 'scope': {'of': 'period'}}
            scope = scope_of(free['scope'], self.period.end - timedelta(1), self.period)[0]
            granted, used = self.account.free.get((self.code, scope), (F(0), F(0)))
            room = F(free['quantity'])
            if free.get('carried'):
                granted += room * F((end - start).days, (self.period.end - self.period.start).days)
                room = granted
            whole = sum((v for _, v in result), F(0))
            taken = min(whole, max(F(0), room - used))
            if whole != 0:
                result = [[s, v - taken * v / whole] for s, v in result]
            if commit:
                self.account.free[(self.code, scope)] = (granted, used + taken)
        if 'atLeast' in d and end == self.period.end:
            before = self.period.charged.get(self.code, F(0))
            whole = sum((v for _, v in result), F(0))
            missing = max(F(0), F(d['atLeast']) - before - whole)
            result = [
                [s, v + missing * (v / whole if whole != 0 else F(1 if i == 0 else 0))] for i, (s, v) in enumerate(result)
            ]
        result = [[s, rounded(v, self.version['rounding'].get('quantity'))] for s, v in result]
        if commit:
            self.period.charged[self.code] = self.period.charged.get(self.code, F(0)) + sum((v for _, v in result), F(0))
        return result, parcels

    def usage(self):
        d = self.document
        if d['model']['kind'] == 'per_event':
            self.events()
            return
        if d.get('quantity') == 'demand':
            share = F((self.end - self.start).days, (self.period.end - self.period.start).days)
            demand = rounded(self.period.value('demand'), self.version['rounding'].get('quantity'))
            lines = {}
            self.ladder(d['model'], {}, 'x', [F(b['upTo']) if 'upTo' in b else None for b in d['model']['blocks']], '', demand, [('', demand)], lines)
            self.emit(lines, share)
            return
        result, parcels = self.quantities(self.start, self.end, True)
        model = d['model']
        if model['kind'] == 'per_unit':
            for slot, value in result:
                self.line(value * F(model['prices'][slot] if 'prices' in model else model['price']), slot)
            return
        lines = {}
        for scope, start, end, until in self.instances(model['scope']):
            part = result if (start, end) == (self.start, self.end) else self.cut(result, parcels, start, end)
            # What was taken off or added is spread over the hours of its slot.
            hours = self.scaled(result, parcels, start, end)
            getattr(self, 'of_' + model['kind'])(model, scope, part, hours, until if until > end else None, lines)
        self.emit(lines, F(1))

    def emit(self, lines, share):
        """Block 0 is that of a package, which has no number on the bill."""
        for (slot, block, _, price), quantity in lines.items():
            self.line(quantity * share * price, slot, block + 1 if self.document['model']['kind'] != 'package' else '')

    def scaled(self, result, parcels, start, end):
        found = []
        sums = {slot: sum((v for s, v, _ in parcels if slot in ('', s)), F(0)) for slot, _ in result}
        charged = dict((s, v) for s, v in result)
        for slot, value, when in parcels:
            key = slot if slot in charged else ''
            if start <= when < end:
                found.append((key, value * charged[key] / sums[key] if sums[key] != 0 else F(0)))
        return found

    def cut(self, result, parcels, start, end):
        hours = self.scaled(result, parcels, start, end)
        return [[slot, sum((v for s, v in hours if s == slot), F(0))] for slot, _ in result]

    def instances(self, scope):
        """(first day and end of the scope, start and end of its part of the segment, where its part of the period ends)."""
        if scope['of'] == 'period':
            return [((self.period.start, self.period.end), self.start, self.end, self.period.end)]
        last = scope_of(scope, self.period.end - timedelta(1), self.period)
        if scope['of'] != 'day' and (last[0] <= self.period.start or scope['crossing'] == 'period_end'):
            return [(last, self.start, self.end, self.period.end)]
        found, start = [], self.start
        while start < self.end:
            instance = scope_of(scope, start, self.period)
            end = min(instance[1], self.end)
            found.append((instance, start, end, min(instance[1], self.period.end)))
            start = end
        return found

    def bounds(self, model, scope):
        times = F(1)
        rule = model['scope'].get('times', 'once')
        if rule != 'once':
            begins = scope[0]
            if 'inUseFrom' in self.account.usage:
                begins = max(begins, day(self.account.usage['inUseFrom']))
            days = max(0, (scope[1] - begins).days)
            if rule == 'days':
                times = F(days)
            else:
                times, index = F(0), 0
                while plus_months(scope[0], index) < scope[1]:
                    month, after = plus_months(scope[0], index), plus_months(scope[0], index + 1)
                    shared = (after - max(begins, month)).days
                    if shared > 0:
                        times += F(1) if rule == 'months' else F(shared, (after - month).days)
                    index += 1
        return [F(b['upTo']) * times if 'upTo' in b else None for b in model['blocks']]

    def of_package(self, model, scope, part, hours, until, lines):
        blocks = {'kind': 'graduated', 'blocks': [{'size': model['size'], 'price': model['price']}]}
        for slot, value in part:
            self.ladder(blocks, self.account.counters, (self.code, scope[0], slot), [None], slot, value, [(slot, value)], lines)

    def of_graduated(self, model, scope, part, hours, until, lines):
        bounds = self.bounds(model, scope)
        if model['sharing'] == 'per_slot':
            for slot, value in part:
                self.ladder(model, self.account.counters, (self.code, scope[0], slot), bounds, slot, value, [(slot, value)], lines)
            return
        whole = sum((v for _, v in part), F(0))
        fills = hours if model['sharing'] == 'time_order' else None
        self.ladder(model, self.account.counters, (self.code, scope[0], ''), bounds, '', whole, fills or part, lines, fills is None)

    def ladder(self, model, counters, key, bounds, counter_slot, whole, fills, lines, in_proportion=False):
        blocks = model['blocks']
        is_first, before = key not in counters, counters.get(key, F(0))
        after = before + whole
        counters[key] = after
        excluded = model.get('upperBound') == 'excluded'
        for index, block in enumerate(blocks):
            if 'flat' not in block:
                continue
            lower = F(0) if index == 0 else bounds[index - 1]
            entered = lambda used: used >= lower if excluded and index > 0 else used > lower
            due = is_first if index == 0 and model.get('flatAtZero') else entered(after) and not entered(before)
            if due:
                put(lines, (counter_slot, index, 'flat', F(block['flat'])), F(1))
        if in_proportion:
            parts = [(s, i, g * v / whole) for s, v in fills for i, g in enumerate(gained(bounds, before, after))] if whole != 0 else []
        else:
            parts, used = [], before
            for slot, value in fills:
                parts += [(slot, i, g) for i, g in enumerate(gained(bounds, used, used + value))]
                used += value
        for slot, index, quantity in parts:
            block = blocks[index]
            if quantity == 0 or ('price' not in block and 'prices' not in block):
                continue
            price = F(block['prices'][slot] if 'prices' in block else block['price'])
            if 'size' in block:
                size = F(block['size'])
                started = ceil(gained(bounds, F(0), after)[index] / size) - ceil(gained(bounds, F(0), before)[index] / size)
                put(lines, (slot, index, 'package', price), F(started))
            else:
                put(lines, (slot, index, 'unit', price), quantity)

    def of_volume(self, model, scope, part, hours, until, lines):
        bounds = self.bounds(model, scope)
        whole = sum((v for _, v in part), F(0))
        key = (self.code, scope[0], 'volume')
        counter = self.account.counters.get(key)
        before, used_in = counter if counter else (F(0), {})
        later = F(0)
        if until is not None:
            ends = next(end for s, _, end, _ in self.instances(model['scope']) if s == scope)
            later = sum((v for _, v in self.quantities(ends, until, False)[0]), F(0))
        chooser = before + whole + later
        excluded = model.get('upperBound') == 'excluded'
        index = next(i for i, b in enumerate(bounds) if b is None or (chooser < b if excluded else chooser <= b))
        block = model['blocks'][index]
        if counter is None:
            due = whole != 0 or model['flatAtZero']
        else:
            due = whole != 0 and not (model['flatAtZero'] and index == 0) and used_in.get(index, F(0)) == 0
        self.account.counters[key] = (before + whole, {**used_in, index: used_in.get(index, F(0)) + whole})
        if due and 'flat' in block:
            put(lines, ('', index, 'flat', F(block['flat'])), F(1))
        for slot, value in part:
            if 'price' in block or 'prices' in block:
                put(lines, (slot, index, 'unit', F(block['prices'][slot] if 'prices' in block else block['price'])), value)


def put(lines, key, quantity):
    lines[key] = lines.get(key, F(0)) + quantity


def gained(bounds, before, after):
    """What each block gains as the use goes from one sum to another."""
    lower, result = F(0), []
    for bound in bounds:
        upper = max(after, before, lower) if bound is None else bound
        result.append(min(max(after, lower), upper) - min(max(before, lower), upper))
        lower = upper
    return result


def scope_of(scope, when, period):
    """First day and end of the scope that a day falls into."""
    of = scope['of']
    if of == 'period':
        return (period.start, period.end)
    if of == 'day':
        return (when, when + timedelta(1))
    month, first = map(int, scope.get('yearStart', '01-01').split('-'))
    year = date(when.year, month, first)
    if year > when:
        year = date(when.year - 1, month, first)
    length = {'month': 1, 'quarter': 3, 'year': 12}[of]
    index = 0
    while plus_months(year, index + length) <= when:
        index += length
    return (plus_months(year, index), plus_months(year, index + length))


def percent_of(standard, hundredths):
    """《功率因数调整电费办法》, step by step."""
    target, best = {'0.90': (90, 95), '0.85': (85, 94), '0.80': (80, 92)}[standard]
    percent, at = F(0), target
    while at > hundredths:
        percent += F(1, 2) if at > target - 20 else F(1) if at > target - 25 else F(2)
        at -= 1
    while at < min(hundredths, best):
        at += 1
        percent -= F(1, 10) if at <= 90 else F(3, 20)
    return percent


json.dump([Account(case).periods() for case in json.load(sys.stdin)], sys.stdout)
