import { serve } from "./library.ts";
serve(() => Promise.resolve({ prepare: () => Promise.resolve(null) }));
