import type { ApolloClient } from '@apollo/client/core';
import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, completionStatus } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from '@codemirror/commands';
import { HighlightStyle, bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { LanguageType, PromQLExtension, newCompleteStrategy, promQLLanguage } from '@prometheus-io/codemirror-promql';
import type { Problem } from '../graphql/problem.js';
import { createCompletionClient } from './completion-client.js';

/** What the editor tells and is given. */
export interface PromEditorOptions {
  readonly parent: HTMLElement;
  readonly client: ApolloClient<unknown>;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}

/** An editor of the query language. */
export interface PromEditor {
  setText(text: string): void;
  /** Underlines where the server found the expression wrong; nothing without a place. */
  mark(problem: Problem | undefined): void;
  focus(): void;
  close(): void;
}

const mostMetadata = 5_000;

/** Makes the editor: completion from GraphQL, lint while typing, Enter runs, Shift-Enter breaks the line. */
export function createPromEditor(options: PromEditorOptions): PromEditor {
  const promql = new PromQLExtension().setComplete({
    completeStrategy: newCompleteStrategy({
      remote: createCompletionClient(options.client, operatorsOfGrammar()),
      maxMetricsMetadata: mostMetadata,
    }),
  });
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({ doc: options.text, extensions: [...extensionsOf(options), promql.asExtension(LanguageType.PromQL)] }),
  });
  return {
    setText(text) {
      if (text !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    mark: (problem) => view.dispatch(setDiagnostics(view.state, diagnosticsOf(view.state, problem))),
    focus: () => view.focus(),
    close() {
      promql.destroy();
      view.destroy();
    },
  };
}

function extensionsOf({ onChange, onRun }: PromEditorOptions) {
  const run = (view: EditorView): boolean => {
    if (completionStatus(view.state) === 'active' && acceptCompletion(view)) return true;
    onRun();
    return true;
  };
  return [
    history(),
    bracketMatching(),
    closeBrackets(),
    autocompletion(),
    EditorView.lineWrapping,
    syntaxHighlighting(highlight),
    look,
    placeholder('Expression, for example rate(http_requests_total[5m])'),
    EditorView.contentAttributes.of({ 'aria-label': 'Expression', spellcheck: 'false' }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString());
    }),
    Prec.highest(keymap.of([{ key: 'Enter', run }, { key: 'Mod-Enter', run }, { key: 'Shift-Enter', run: insertNewlineAndIndent }])),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap]),
  ];
}

/** The numbers by which the grammar knows its matching operators. */
function operatorsOfGrammar(): ReadonlyMap<number, string> {
  const byName: Readonly<Record<string, string>> = { EqlSingle: '=', Neq: '!=', EqlRegex: '=~', NeqRegex: '!~' };
  const known = promQLLanguage(LanguageType.PromQL).parser.nodeSet.types.flatMap(({ id, name }): [number, string][] => {
    const operator = byName[name];
    return operator === undefined ? [] : [[id, operator]];
  });
  return new Map(known);
}

function diagnosticsOf(state: EditorState, problem: Problem | undefined) {
  if (problem?.line === undefined || problem.line < 1 || problem.line > state.doc.lines) return [];
  const line = state.doc.line(problem.line);
  const from = Math.min(line.from + Math.max(0, (problem.column ?? 1) - 1), state.doc.length);
  const to = Math.min(Math.max(from + 1, state.wordAt(from)?.to ?? from + 1), state.doc.length);
  return [{ from: Math.min(from, to), to, severity: 'error' as const, message: problem.message }];
}

const highlight = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--code-keyword)' },
  { tag: [tags.function(tags.variableName), tags.name], color: 'var(--code-function)' },
  { tag: tags.variableName, color: 'var(--text)' },
  { tag: tags.labelName, color: 'var(--code-label)' },
  { tag: tags.string, color: 'var(--code-string)' },
  { tag: [tags.number, tags.literal], color: 'var(--code-number)' },
  { tag: tags.comment, color: 'var(--text-muted)', fontStyle: 'italic' },
]);

const look = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'var(--panel)', fontSize: '14px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-content': { fontFamily: 'var(--mono)', padding: '8px 4px', caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-placeholder': { color: 'var(--text-muted)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, ::selection': { backgroundColor: 'var(--selection)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--selection)' },
  '.cm-tooltip': { color: 'var(--text)', backgroundColor: 'var(--raised)', border: '1px solid var(--border-strong)', borderRadius: 'var(--radius)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px', fontFamily: 'var(--mono)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { color: 'var(--on-accent)', backgroundColor: 'var(--accent-strong)' },
  '.cm-completionDetail': { marginLeft: '12px', color: 'var(--text-muted)', fontStyle: 'normal' },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-diagnostic': { padding: '4px 10px' },
});
