// Officials' pages: HTMX, told to evaluate nothing and to write no styles (the policy forbids both).
import htmx from "htmx.org";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
