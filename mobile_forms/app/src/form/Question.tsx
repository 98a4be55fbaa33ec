// One question, drawn by its kind. Answers are never coloured good or bad.
import type { AnyNode, InputNode, SelectNode, UploadNode } from "@getodk/xforms-engine";
import { t } from "../words.ts";
import { Input } from "./Input.tsx";
import { Block, follows, type Asked } from "./Label.tsx";
import { Picture } from "./Picture.tsx";
import { Positions } from "./Positions.tsx";
import { Position } from "./Position.tsx";
import { Repeat } from "./Repeat.tsx";
import { Select } from "./Select.tsx";
import type { FormSession } from "./session.ts";
import { childrenOf, isKnown, knownOf, nameOf } from "./tree.ts";
import { Upload } from "./Upload.tsx";

/** The questions of a section, each with the follow-up that belongs inside it. */
export function Questions({ nodes, form }: { nodes: readonly AnyNode[]; form: FormSession }) {
  follows(form);
  const relevant = nodes.filter((node) => node.currentState.relevant);
  const follow = (node: AnyNode) => relevant.find((each) => nameOf(each) === knownOf(nameOf(node))) as SelectNode | undefined;
  return (
    <>
      {relevant.map((node) => !isKnown(node) && <Question key={node.nodeId} node={node} form={form} follow={follow(node)} />)}
    </>
  );
}

function Note({ node, form }: Asked<AnyNode>) {
  return (
    <>
      <p class="say">{node.currentState.label?.asString}</p>
      <Picture text={node.currentState.label} files={form.files} />
    </>
  );
}

function Question({ node, form, follow }: Asked<AnyNode> & { follow: SelectNode | undefined }) {
  follows(form);
  if (node.nodeType.startsWith("repeat-range")) return <Repeat node={node} form={form} />;
  if (node.nodeType === "group") return <Questions nodes={childrenOf(node)} form={form} />;
  if (node.nodeType === "select") return <Select node={node} form={form} follow={follow} />;
  if (node.nodeType === "upload") return <Upload node={node as UploadNode} form={form} />;
  if (node.nodeType === "input") {
    const input = node as InputNode;
    const type: string = input.valueType;
    if (type === "geopoint") return <Position node={input} form={form} />;
    if (type === "geotrace" || type === "geoshape") return <Positions node={input} form={form} closed={type === "geoshape"} />;
    return <Input node={input} form={form} />;
  }
  if (node.nodeType === "note") return <Note node={node} form={form} />;
  if (node.nodeType === "model-value") return null;
  return (
    <Block node={node} form={form}>
      <p class="hint">{t("This phone cannot ask this question. Note the answer on paper and call your coordinator.")}</p>
    </Block>
  );
}
