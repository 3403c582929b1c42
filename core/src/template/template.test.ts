import { describe, expect, it } from 'vitest';
import { takes, textOf } from './functions.js';
import { SafeRegex } from './regex.js';
import { TemplateError } from './template-error.js';
import { Templates } from './template.js';
import { TEXT_FUNCTIONS } from './text-functions.js';
import { formatTime, timeStruct } from './time-values.js';
import { TemplateStruct, mapOf } from './value.js';
import type { Value } from './value.js';

const data = new TemplateStruct('data', {
  Labels: mapOf({ job: 'api', instance: 'a:1' }),
  Value: 12.5,
  List: ['x', 'y', 'z'],
  Empty: [],
  N: 3n,
  Inner: new TemplateStruct('inner', { Name: 'deep' }, { Shout: (text) => `${textOf(text)}!` }),
});

function render(text: string, dot: Value = data): string {
  const templates = Templates.read([{ name: 't', text }], TEXT_FUNCTIONS, ['value']);
  return templates.execute('t', dot, { functions: TEXT_FUNCTIONS, variables: { value: 75 } });
}

describe('a template', () => {
  it.each([
    ['plain', 'plain'],
    ['a {{- " b " -}} c', 'a b c'],
    ['{{/* nothing */}}x{{- /* and nothing */ -}} y', 'xy'],
    ['{{ .Labels.job }}-{{ .Labels.nope }}-', 'api--'],
    ['{{ $value }} {{ 1 }} {{ 1.5 }} {{ 1e6 }} {{ 1234567.0 }} {{ 0x10 }} {{ true }} {{ "a\\tb" }} {{ `r\\` }} {{ \'x\' }}', '75 1 1.5 1e+06 1.234567e+06 16 true a\tb r\\ 120'],
    ['{{ if .Empty }}yes{{ else if .N }}n{{ else }}no{{ end }}', 'n'],
    ['{{ with .Inner }}{{ .Name }}{{ end }}{{ with .Empty }}x{{ else }}none{{ end }}', 'deepnone'],
    ['{{ with .Empty }}x{{ else with .N }}{{ . }}{{ end }}', '3'],
    ['{{ range $i, $x := .List }}{{ if $i }},{{ end }}{{ $i }}={{ $x }}{{ end }}', '0=x,1=y,2=z'],
    ['{{ range .Empty }}x{{ else }}empty{{ end }}', 'empty'],
    ['{{ range .List }}{{ if eq . "y" }}{{ continue }}{{ end }}{{ if eq . "z" }}{{ break }}{{ end }}{{ . }}{{ end }}', 'x'],
    ['{{ range $k, $v := .Labels }}{{ $k }}={{ $v }};{{ end }}', 'instance=a:1;job=api;'],
    ['{{ range 3 }}{{ . }}{{ end }}', '012'],
    ['{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $y := 5 }}{{ $y }}{{ end }}{{ $x }}', '52'],
    ['{{ define "t1" }}<{{ . }}>{{ end }}{{ template "t1" .N }}{{ template "t1" }}', '<3><<no value>>'],
    ['{{ block "b" .Inner }}{{ .Name }}{{ end }}', 'deep'],
    ['{{ .Inner.Shout "hey" }} {{ "pipe" | .Inner.Shout }} {{ (.Inner).Name }}', 'hey! pipe! deep'],
    ['{{ and 1 0 2 }} {{ or 0 "" "x" }} {{ not 0 }} {{ and false (index .List 99) }}', '0 x true false'],
    ['{{ eq 1 1 }} {{ eq "a" "b" "a" }} {{ ne 1 2 }} {{ lt 1.5 2.5 }} {{ ge "b" "a" }} {{ gt $value 50.0 }}', 'true true true true true true'],
    ['{{ len .List }} {{ len "äb" }} {{ index .List 1 }} {{ index .Labels "job" }} {{ slice .List 1 2 }} {{ slice "abcd" 1 3 }}', '3 3 y api [y] bc'],
    ['{{ print 1 2 "a" "b" 3 }} {{ println "x" }}', '1 2ab3 x\n'],
    ['{{ .List }} {{ .Labels }} {{ .Inner }}', '[x y z] map[instance:a:1 job:api] {deep}'],
    ['{{ html "<a href=\\"x\\">" }} {{ urlquery "a b&c" }} {{ js "it\'s" }}', "&lt;a href=&#34;x&#34;&gt; a+b%26c it\\'s"],
    ['{{ title "this part\'s here" }} {{ toUpper "a" }} {{ trimSpace "  x " }} {{ join "," .List }}', "This Part's Here A x x,y,z"],
    ['{{ reReplaceAll "(\\\\w+)@(\\\\w+)" "$2 at ${1}" "a@b c@d" }}', 'b at a d at c'],
    ['{{ humanize 1234567.0 }} {{ humanize 0.00123 }} {{ humanize1024 1048576.0 }} {{ humanizeDuration 93784.0 }} {{ humanizeDuration 0.5 }} {{ humanizePercentage 0.1234 }}', '1.235M 1.23m 1Mi 1d 2h 3m 4s 500ms 12.34%'],
  ])('%j gives %j', (text, expected) => {
    expect(render(text)).toBe(expected);
  });

  it.each([
    ['{{ printf "%.2f|%5d|%-5s|%05d|%q|%v|%+d|%x|%t|%%|%e" $value 7 "ab" 42 "q\\n" .N 5 255 true 12345.678 }}', '75.00|    7|ab   |00042|"q\\n"|3|+5|ff|true|%|1.234568e+04'],
    ['{{ printf "%d %s" $value }}', '%!d(float64=75) %!s(MISSING)'],
    ['{{ printf "%s" 1 2 }}', '%!s(int=1)%!(EXTRA int=2)'],
    ['{{ printf "%*d" 5 1 }}', '    1'],
    ['{{ printf "%g %g %.3g %v" 1000000.0 0.00001 1234.5 100000.0 }}', '1e+06 1e-05 1.23e+03 100000'],
  ])('%j prints as Go does', (text, expected) => {
    expect(render(text)).toBe(expected);
  });

  it.each([
    ['a\n  {{ nope }}', '2:6: function "nope" not defined'],
    ['{{ $nope }}', '1:4: undefined variable "$nope"'],
    ['{{ if true }}', '1:1: unclosed {{if}}'],
    ['{{ end }}', 'unexpected {{end}}'],
    ['{{ .A', '1:1: unclosed action'],
    ['{{ "x }}', '1:4: unterminated quoted string'],
    ['{{ .N.x }}', "1:4: can't evaluate field x in type int"],
    ['{{ .Nope }}', "1:4: can't evaluate field Nope in type data"],
    ['{{ .constructor }}', "can't evaluate field constructor in type data"],
    ['{{ .Inner.__proto__ }}', "can't evaluate field __proto__ in type inner"],
    ['{{ template "nope" }}', 'template "nope" not defined'],
    ['{{ gt $value 50 }}', 'incompatible types for comparison'],
    ['{{ len 3 }}', 'error calling len: len of type int'],
    ['{{ index .List 7 }}', 'index out of range: 7'],
    ['{{ toUpper }}', 'wrong number of args for toUpper: want 1 got 0'],
    ['{{ break }}', '{{break}} outside {{range}}'],
    ['{{ 1 | 2 }}', 'non executable command in pipeline'],
    ['{{ nil }}', 'nil is not a command'],
    ['{{ define "x" }}{{ template "x" }}{{ end }}{{ template "x" }}', 'more than 100 deep'],
    ['{{ range 1000 }}{{ range 1000 }}x{{ end }}{{ end }}', 'takes more than 200000 steps'],
    ['{{ range 100000 }}{{ "xxxxxxxxxx" }}{{ end }}', 'more than'],
    ['{{ printf "%99999999d" 1 }}', 'a width of 99999999'],
    ['{{ match "(a" "a" }}', 'a group that is not closed'],
  ])('%j is an error that says where: %s', (text, message) => {
    expect(() => render(text)).toThrow(TemplateError);
    expect(() => render(text)).toThrow(message);
  });

  it('can reach functions of the table alone', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) expect(() => render(`{{ ${name} }}`)).toThrow('not defined');
    expect(render('{{ .constructor }}', mapOf({}))).toBe('');
  });

  it('calls a function that throws, and says which', () => {
    const functions = { boom: takes(0, 0, () => { throw new Error('bang'); }) };
    const templates = Templates.read([{ name: 't', text: '{{ boom }}' }], functions);
    expect(() => templates.execute('t', undefined, { functions })).toThrow('template t:1:4: error calling boom: bang');
  });
});

describe('times', () => {
  it('are written in the layouts of Go', () => {
    const at = Date.UTC(2026, 2, 9, 4, 5, 6, 70);
    expect(formatTime(at, '2006-01-02T15:04:05.000Z07:00')).toBe('2026-03-09T04:05:06.070Z');
    expect(formatTime(at, 'Mon Jan _2 3:04PM 2006 MST')).toBe('Mon Mar  9 4:05AM 2026 UTC');
    expect(formatTime(at, '15:04 -0700', 'Europe/Berlin')).toBe('05:05 +0100');
    expect(render('{{ .Format "2006" }} {{ . }} {{ .Unix }}', timeStruct(at))).toBe('2026 2026-03-09 04:05:06.07 +0000 UTC 1773029106');
  });
});

describe('a regular expression of a template', () => {
  it.each([
    ['a+', 'baaac', 'x', 'bxc'],
    ['', 'abc', '-', '-a-b-c-'],
    ['a*', 'baac', 'x', 'xbxcx'],
    ['(?i)HELLO', 'say Hello', 'bye', 'say bye'],
    ['(?P<k>\\w+)=(\\d{2,3})', 'a=1 b=22 c=333', '$k:${2}', 'a=1 b:22 c:333'],
    ['[^a-c\\]]', 'abcd]e', '_', 'abc_]_'],
    ['^x|x$', 'xxx', '-', '-x-'],
    ['.*?b', 'aabab', '<$0>', '<aab><ab>'],
    ['[[:digit:]]+|\\pL', 'ä12b', '.', '...'],
    ['a|ab', 'ab', 'x', 'xb'],
    ['\\bfoo\\b', 'foo food', 'x', 'x food'],
    ['$$', 'a', 'b$$', 'ab$'],
  ])('%s replaces in %j by %j: %j', (pattern, text, replacement, expected) => {
    expect(new SafeRegex(pattern).replaceAll(text, replacement)).toBe(expected);
  });

  it('takes no longer than expression and text are long', () => {
    const text = 'a'.repeat(5000);
    expect(new SafeRegex('^(a+)+$').test(`${text}b`)).toBe(false);
    expect(new SafeRegex('(a*)*(a*)*(a*)*c').test(text)).toBe(false);
    expect(new SafeRegex('(.*)(.*)(.*)x').test(text)).toBe(false);
  });

  it('agrees with the engine of the language on random expressions', () => {
    const seed = 20_261;
    const random = generator(seed);
    const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
    const make = (depth: number): string => {
      const kind = random();
      if (depth === 0 || kind < 0.4) return pick(['a', 'b', '.', '[ab]', '[^a]', 'c']);
      if (kind < 0.6) return make(depth - 1) + make(depth - 1);
      if (kind < 0.75) return `(?:${make(depth - 1)}|${make(depth - 1)})`;
      if (kind < 0.85) return `(${make(depth - 1)})`;
      return `(?:${make(depth - 1)}[^c])${pick(['*', '+', '?', '{1,2}', '*?', '+?'])}`;
    };
    for (let i = 0; i < 500; i++) {
      const pattern = make(3);
      const text = Array.from({ length: 12 }, () => pick(['a', 'b', 'c'])).join('');
      const expected = text.replace(new RegExp(pattern, 'gsu'), '<$&>');
      const actual = new SafeRegex(`(?s)${pattern}`).replaceAll(text, '<${0}>');
      // JavaScript counts an empty match right behind another one, Go does not.
      expect(actual.replaceAll('<>', ''), `seed ${seed}: ${pattern} on ${text}`).toBe(expected.replaceAll('<>', ''));
    }
  });
});

describe('any text at all', () => {
  it('is rendered, or is an error of the template, and never takes long', () => {
    const seed = 7_261;
    const random = generator(seed);
    const words = ['{{', '}}', '{{-', '-}}', ' ', 'if', 'else', 'end', 'range', 'with', 'define', '"x"', 'template', 'block', '.', '.List', '.Labels', '.N', '$', '$x', ':=', '=', '|', '(', ')', 'printf', '"%v%d"', 'len', 'index', '1', '2.5', 'eq', 'and', 'or', ',', 'break', 'text', '/*', '*/', 'nil', 'true', "'", '`', '\\', 'html', 'slice', 'reReplaceAll', 'match', '"(a"'];
    for (let i = 0; i < 20_000; i++) {
      const text = Array.from({ length: 1 + Math.floor(random() * 14) }, () => words[Math.floor(random() * words.length)]).join(random() < 0.5 ? ' ' : '');
      try {
        render(text);
      } catch (error) {
        if (!(error instanceof TemplateError)) throw new Error(`seed ${seed}: ${text}`, { cause: error });
      }
    }
  });
});

/** A small generator of numbers in [0, 1), so that a failing run can be had again. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
