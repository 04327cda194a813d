import { useRef } from "preact/hooks";

/** The attribute that lets an input choose a folder; JSX's types do not know it. */
const chooseFolders = { webkitdirectory: true };

/**
 * A button that lets choose files. A bare input would go on saying that none is chosen.
 *
 * @param name the accessible name, where `label` alone does not say what is chosen
 * @param id the hidden input's `data-input`
 * @param of what may be chosen: an `accept` list, or a folder
 */
export const FileButton = ({
  label,
  name = label,
  id,
  of,
  multiple = false,
  disabled = false,
  take,
}: {
  readonly label: string;
  readonly name?: string;
  readonly id: string;
  readonly of: { readonly accept: string } | "folder";
  readonly multiple?: boolean;
  readonly disabled?: boolean;
  readonly take: (files: readonly File[]) => void;
}) => {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" aria-label={name} disabled={disabled} onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        {...(of === "folder" ? chooseFolders : of)}
        {...{ ref: input, type: "file", hidden: true, multiple, disabled, "data-input": id }}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          // The same files can be chosen again after they were mended.
          currentTarget.value = "";
          if (files.length > 0) take(files);
        }}
      />
    </>
  );
};
