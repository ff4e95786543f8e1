// Parses bicep files and prints their syntax trees as JSON: one {path, errors, root} for each file.
// usage: node parse.cjs FILE...
'use strict';

const fs = require('node:fs');
const { Parser, Language } = require('web-tree-sitter');

function faultOf(node) {
  const place = `${node.startPosition.row + 1}:${node.startPosition.column + 1}`;
  return `${place} ${node.isMissing ? `${node.type} is missing` : `cannot be read: ${node.text.slice(0, 60)}`}`;
}

function toTree(node, field, errors) {
  if (node.isError || node.isMissing) {
    errors.push(faultOf(node));
  }

  const children = [];
  for (let index = 0; index < node.childCount; index++) {
    const child = node.child(index);
    if (child.isNamed || child.isError || child.isMissing) {
      children.push(toTree(child, node.fieldNameForChild(index), errors));
    }
  }

  return { kind: node.type, field, line: node.startPosition.row + 1, text: node.text, children };
}

(async () => {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(require.resolve('tree-sitter-bicep/tree-sitter-bicep.wasm')));
  const trees = process.argv.slice(2).map(file => {
    const errors = [];
    return { path: file, root: toTree(parser.parse(fs.readFileSync(file, 'utf8')).rootNode, null, errors), errors };
  });
  process.stdout.write(JSON.stringify(trees));
})();
