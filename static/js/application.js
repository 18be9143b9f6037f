// The entry: every element registers itself.
import "elements/appearance-form";
import "elements/chat-composer";
import "elements/chat-scroll";
import "elements/chat-stream";
import "elements/check-all";
import "elements/code-copy";
import "elements/connection-state";
import "elements/conversation-list";
import "elements/conversation-menu";
import "elements/copy-button";
import "elements/copy-field";
import "elements/folder-menu";
import "elements/local-time";
import "elements/message-field";
import "elements/model-picker";
import "elements/move-dialog";
import "elements/parameter-fields";
import "elements/print-bar";
import "elements/prompt-list";
import "elements/retry-button";
import "elements/row-menu";
import "elements/selection-bar";
import "elements/send-buttons";
import "elements/sentence-reader";
import "elements/share-dialog";
import "elements/shortcut-sheet";
import "elements/sidebar-drawer";
import "elements/snippet-menu";
import "elements/toast-message";
import "elements/turn-rail";
import "lib/navigation";
import "lib/service_worker";
import "lib/shortcuts";
import "lib/sign_out";
import "lib/time_zone";

// Keys pressed before this line went to the plain page: whoever drives the page waits for it.
document.documentElement.dataset.scripts = "ready";
