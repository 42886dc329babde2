"""Writes python-semantics.json: expressions in the grammar of constraints, and what Python says of them."""
import json
import random
import sys

VALUES = {'a': 7, 'b': -3, 'c': 0, 'd': 2.5, 'e': 16, 's': 'direct', 't': 'dma', 'y': True, 'n': False}
NUMBERS = ['a', 'b', 'c', 'd', 'e', 'y', 'n', '0', '1', '2', '3', '-2', '0.1', '1e3', '0.5', '10', '64', 'True']
TEXTS = ['s', 't', "'direct'", '"dma"', "'d'", "''", "s + t", "'d' + 'ma'", "t * 2"]
PICKED = '''
7 // 2 | -7 // 2 | 7 // -2 | -7 // -2 | 7 % 3 | -7 % 3 | 7 % -3 | -7 % -3 | 7.5 % -2 | -7.5 // 2 | 1.0 // 0.1
1 % 0.1 | 0 % 5 | 5 % 0 | 5 // 0 | 5 / 0 | 0 / 5 | 7 / 2 | 6 / 2 == 3 | 2 ** 10 | 2 ** -1 | -2 ** 2 | (-2) ** 2
(-8) ** 0.5 | 0 ** 0 | 0 ** -1 | 2 ** 3 ** 2 | 5 ** 22 | 3 ** 33 | 2 ** 0.5 | 4 ** 0.5 | 1 < 2 < 3 | 1 < 3 < 2
3 > 2 == 2 | 1 == 1 == 1 | 1 < 2 > 1 | 2 > 1 > 5 // c | 1 > 2 > 5 // c | 5 // c > 1 | c == 0 or 5 // c > 1
5 // c > 1 or c == 0 | c != 0 and 5 // c > 1 | 5 // c > 1 and c != 0 | not 5 // c | True == 1 | False == 0
True + True | y * 5 | not y | not not n | not 0 | not '' | not 'x' | 3 and 5 | 0 and 5 | 3 or 5 | 0 or 5 | '' or 'x'
(3 and 5) + 1 | (a or b) == 7 | 1 in [1, 2] | 3 in (1, 2) | 3 not in [1, 2] | True in [1] | s in ['direct', 'dma']
s in ('dma',) | 'dir' in s | 'x' not in s | 1 in ['1'] | 1 == '1' | 1 != '1' | 1 < '1' | 'a' < 'b' | 'Z' < 'a'
'a' < 'ab' | 'é' > 'z' | min(3, 1, 2) | max(3, 1, 2) | min([4, 2]) | max((4, 2)) | min('b', 'a') | min(1, 'a')
abs(-3) | abs(b) | abs(s) | min(1, 5 // c) | -a ** 2 | - - a | +a | -s | not a > 3 | not a == 7 or y | a if y else b
1 <= a <= 10 <= e | e % 4 == 0 | (e - 1 / e) * 2 | e // 2.5 | -0.5 // 1 | 1e308 * 10 | 0.1 + 0.2 == 0.3
2 - 3 - 4 | 100 / 10 / 5 | 2 * 3 % 4 | 7 - -2 | 0x10 + 0b11 | 1_000 | .5 + 5. | 5 in [5 // c, 5] | [] | a << 2
'n' + 't' == 'nt' | s + t == 'directdma' | s + '' == s | t + s < s + t | s + 1 | 1 + s | s + n | 'dm' + 'a' in ['dma'] | s + t
a < 4 or s + t == 'directdma' | a > 4 and s + t != 'x' | not s + t | '' + '' or 3 | t * 2 == 'dmadma' | 2 * t | t * -1
t * y | n * t | t * t | t * 0.5 | t - 'a' | t / 2 | t // t | t ** 2 | -(s + t) | abs(s + t) | min(s + t, t) | t + 'x' * 2
1 not in [1] or not n | not 1 in [2] | -7 // 2 * 2 + -7 % 2 | (a < e) + (b < a) | (a < e) * 4 >= 4 | a == 7.0
'''


def number(depth):
    pick = random.random()
    if depth == 0 or pick < 0.25:
        return random.choice(NUMBERS)
    if pick < 0.85:
        op = random.choice(['+', '-', '*', '/', '//', '%', '**'])
        # Small exponents only: Python would compute 64 ** 1000 ** 10 to its last digit.
        right = random.choice(['0', '1', '2', '3', '-1']) if op == '**' else wrapped(depth)
        return f'{wrapped(depth)} {op} {right}'
    if pick < 0.9:
        return f'-{wrapped(depth)}'
    name = random.choice(['min', 'max'])
    return f'{name}({number(depth - 1)}, {number(depth - 1)})' if pick < 0.96 else f'abs({number(depth - 1)})'


def wrapped(depth):
    inner = number(depth - 1)
    return f'({inner})' if random.random() < 0.5 else inner


def condition(depth):
    pick = random.random()
    if depth > 0 and pick < 0.35:
        return f'{condition(depth - 1)} {random.choice(["and", "or"])} {condition(depth - 1)}'
    if depth > 0 and pick < 0.45:
        return f'not {condition(depth - 1)}'
    if pick < 0.75:
        op = random.choice(['<', '<=', '>', '>=', '==', '!='])
        return f'{number(2)} {op} {number(2)}'
    if pick < 0.85:
        op, other = random.choice(['<', '<=', '==', '!=']), random.choice(['<', '>', '>=', '=='])
        return f'{number(1)} {op} {number(1)} {other} {number(1)}'
    if pick < 0.93:
        return f'{random.choice(TEXTS)} {random.choice(["<", ">=", "==", "!=", "in", "not in"])} {random.choice(TEXTS)}'
    items = ', '.join(number(1) for _ in range(random.randint(2, 3)))
    return f'{number(1)} {random.choice(["in", "not in"])} [{items}]'


def answer(text):
    """The value; None where Python refuses or the answer is no plain number or text."""
    try:
        value = eval(text, {'__builtins__': {}, 'min': min, 'max': max, 'abs': abs}, dict(VALUES))
        value = value if isinstance(value, str) else float(value)
        return value if isinstance(value, str) or abs(value) <= 2 ** 53 else 'skip'
    except (ArithmeticError, TypeError, ValueError):
        return None


def main():
    random.seed(20)
    outside = ['a if y else b', '[]', 'a << 2']
    texts = [t.strip() for t in PICKED.replace('\n', '|').split('|') if t.strip() and t.strip() not in outside]
    texts += [number(3) for _ in range(300)] + [condition(2) for _ in range(400)]
    rows = [{'text': text, 'value': answer(text)} for text in dict.fromkeys(texts)]
    table = {'python': sys.version.split()[0], 'values': VALUES, 'rows': [r for r in rows if r['value'] != 'skip']}
    print(json.dumps(table, ensure_ascii=False, indent=1))


main()
