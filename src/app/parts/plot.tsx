import type { PlotOptions } from "@observablehq/plot";
import { useEffect, useRef } from "preact/hooks";

/** The library, loaded with the first chart. */
const library = (): Promise<typeof import("@observablehq/plot")> => import("@observablehq/plot");

/**
 * A chart of Observable Plot.
 *
 * @param label what it shows, in a sentence, for those who do not see it
 * @param options made from the library, so that it is loaded only where there is a chart; equal `version`s mean an equal chart
 */
export const Plot = ({
  label,
  options,
  version,
}: {
  readonly label: string;
  readonly options: (plot: typeof import("@observablehq/plot")) => PlotOptions;
  readonly version: unknown;
}) => {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let current = true;
    void library().then((plot) => {
      const host = element.current;
      if (!current || host === null) return;
      const chart = plot.plot({ style: { background: "none" }, ariaLabel: label, ...options(plot) });
      chart.setAttribute("role", "img");
      host.replaceChildren(chart);
    });
    return () => {
      current = false;
    };
  }, [version, label]);
  return <div class="plot" ref={element} />;
};
