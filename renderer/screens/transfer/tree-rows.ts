// Repository names as a tree of path segments, and the tree as the flat rows that a virtual list draws.

import { compileGlob } from "../../../shared/glob.ts";
import { globSchema } from "../../../shared/selection.ts";

interface TreeNode {
  /** The whole path; "" is the registry itself. */
  readonly path: string;
  readonly label: string;
  /** Its path is a repository; a repository may have others below it. */
  isRepository: boolean;
  /** Repositories in and below it. */
  count: number;
  readonly children: Map<string, TreeNode>;
}

export interface TreeRow {
  /** The path, which is unique in a tree; "" is the registry itself. */
  readonly path: string;
  readonly label: string;
  readonly kind: "registry" | "folder" | "repository";
  /** 1 is the registry. */
  readonly level: number;
  readonly position: number;
  readonly setSize: number;
  readonly expandable: boolean;
  readonly expanded: boolean;
  readonly count: number;
}

export type Tree = TreeNode;

const collator = new Intl.Collator("en", { numeric: true });

export function buildTree(names: readonly string[]): Tree {
  const root: TreeNode = { path: "", label: "", isRepository: false, count: 0, children: new Map() };
  for (const name of new Set(names)) {
    let node = root;
    node.count++;
    for (const segment of name.split("/")) {
      let child = node.children.get(segment);
      if (child === undefined) {
        const path = node.path === "" ? segment : `${node.path}/${segment}`;
        child = { path, label: segment, isRepository: false, count: 0, children: new Map() };
        node.children.set(segment, child);
      }
      child.count++;
      node = child;
    }
    node.isRepository = true;
  }
  return root;
}

/** Sorting thousands of names takes long enough to be felt; a node's children never change. */
const sorted = new WeakMap<TreeNode, readonly TreeNode[]>();

/** Folders first, then by name with numbers in their order. */
function ordered(node: TreeNode): readonly TreeNode[] {
  const known = sorted.get(node);
  if (known !== undefined) return known;
  const children = sortedChildren(node);
  sorted.set(node, children);
  return children;
}

function sortedChildren(node: TreeNode): readonly TreeNode[] {
  return [...node.children.values()].sort(
    (a, b) => Number(b.children.size > 0) - Number(a.children.size > 0) || collator.compare(a.label, b.label),
  );
}

/** The rows that are seen. With `openAll` every folder is open, as while filtering. */
export function treeRows(
  tree: Tree,
  expanded: ReadonlySet<string>,
  options: { readonly rootLabel: string; readonly openAll: boolean },
): readonly TreeRow[] {
  const rows: TreeRow[] = [
    {
      path: "",
      label: options.rootLabel,
      kind: "registry",
      level: 1,
      position: 1,
      setSize: 1,
      expandable: false,
      expanded: true,
      count: tree.count,
    },
  ];
  const walk = (node: TreeNode, level: number): void => {
    const children = ordered(node);
    children.forEach((child, index) => {
      const expandable = child.children.size > 0;
      const open = expandable && (options.openAll || expanded.has(child.path));
      rows.push({
        path: child.path,
        label: child.label,
        kind: child.isRepository ? "repository" : "folder",
        level,
        position: index + 1,
        setSize: children.length,
        expandable,
        expanded: open,
        count: child.count,
      });
      if (open) walk(child, level + 1);
    });
  };
  walk(tree, 2);
  return rows;
}

/** Paths of the folders beside a row, itself included: what `*` opens. */
export function siblingFolders(rows: readonly TreeRow[], index: number): readonly string[] {
  const row = rows[index];
  if (row === undefined) return [];
  const parent = row.path.includes("/") ? row.path.slice(0, row.path.lastIndexOf("/") + 1) : "";
  return rows
    .filter(
      (candidate) =>
        candidate.level === row.level && candidate.path.startsWith(parent) && candidate.expandable,
    )
    .map((candidate) => candidate.path);
}

/** The row of the folder that a row lies in. */
export function parentIndex(rows: readonly TreeRow[], index: number): number {
  const level = rows[index]?.level ?? 1;
  for (let at = index - 1; at >= 0; at--) if ((rows[at]?.level ?? 1) < level) return at;
  return index;
}

/** Names that hold every word of the filter, in any letter case; with * ? {a,b} or [0-9] it is a pattern for the whole name. */
export function filterNames(names: readonly string[], filter: string): readonly string[] {
  const text = filter.trim();
  if (/[*?[\]{}]/.test(text)) {
    const glob = globSchema.safeParse(text);
    // Half-typed, as in "team/{a": nothing matches yet.
    if (!glob.success) return [];
    const pattern = compileGlob(text);
    return names.filter((name) => pattern.matches(name));
  }
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return words.length === 0 ? names : names.filter((name) => words.every((word) => name.includes(word)));
}
