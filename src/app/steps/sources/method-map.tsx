import type { ExplainedMethod } from "../../content/methods.ts";
import { listText } from "../../format.ts";
import { t } from "../../strings.ts";
import {
  boxOf,
  edgeIsLit,
  edges,
  lineOf,
  mapSize,
  nodeIds,
  nodeState,
  type MapShape,
  type NodeId,
} from "./map-geometry.ts";

/** What a box says of itself: `fixed`, `trained` or `unused`; the image, whether it is made or found. */
function stateWords(method: ExplainedMethod, node: NodeId): string {
  if (node !== "image") return t(`sources.state.${nodeState(method, node)}`);
  const [made, found] = [method.lit.denoiser !== "unused", method.lit.pool !== "unused"];
  return t(`sources.state.${made && found ? "both" : made ? "made" : found ? "found" : "none"}`);
}

/** A box's place as shares of the drawing, for the stylesheet: `--wide-x: 12.5%`. */
function placeOf(node: NodeId, shape: MapShape): Record<string, string> {
  const [box, size] = [boxOf(node, shape), mapSize(shape)];
  const percent = (value: number, of: number): string => `${String((100 * value) / of)}%`;
  return {
    [`--${shape}-x`]: percent(box.x, size.width),
    [`--${shape}-y`]: percent(box.y, size.height),
    [`--${shape}-width`]: percent(box.width, size.width),
    [`--${shape}-height`]: percent(box.height, size.height),
  };
}

/** How long an arrow's head is, in the drawing's units. */
const headLength = 9;

const Arrow = ({
  method,
  edge,
  shape,
}: {
  readonly method: ExplainedMethod;
  readonly edge: (typeof edges)[number];
  readonly shape: MapShape;
}) => {
  const [x1, y1, x2, y2] = lineOf(edge, shape);
  const degrees = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
  const length = Math.hypot(x2 - x1, y2 - y1);
  return (
    <g class={edgeIsLit(method, edge) ? "lit" : "dark"} transform={`translate(${x1} ${y1}) rotate(${degrees})`}>
      <path d={`M0,0H${length - headLength}`} />
      <path class="head" d={`M${length},0l${-headLength},-5v10Z`} />
    </g>
  );
};

const Arrows = ({ method, shape }: { readonly method: ExplainedMethod; readonly shape: MapShape }) => {
  const { width, height } = mapSize(shape);
  return (
    <svg class={`map-arrows map-${shape}`} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {edges.map((edge) => (
        <Arrow key={edge.join()} method={method} edge={edge} shape={shape} />
      ))}
    </svg>
  );
};

/** The way from prompt, start picture or pool to an image, with the parts that a method uses and trains. */
export const MethodMap = ({ method }: { readonly method: ExplainedMethod }) => {
  const states = nodeIds.map((node) =>
    t("sources.map.ears.part", { part: t(`sources.node.${node}`), state: stateWords(method, node) }),
  );
  return (
    <div class="method-map-frame">
      <div class="method-map" data-method={method.id}>
        <Arrows method={method} shape="wide" />
        <Arrows method={method} shape="tall" />
        <ul aria-label={t("sources.map.label", { method: method.title })}>
          {nodeIds.map((node) => (
            <li
              key={node}
              class={`map-box is-${nodeState(method, node)}`}
              data-part={node}
              data-state={nodeState(method, node)}
              style={{ ...placeOf(node, "wide"), ...placeOf(node, "tall") }}
            >
              <span>{t(`sources.node.${node}`)}</span> <span class="map-state">{stateWords(method, node)}</span>
            </li>
          ))}
        </ul>
      </div>
      <p class="for-ears" role="status">
        {t("sources.map.ears", { method: method.title, states: listText(states) })}
      </p>
    </div>
  );
};
